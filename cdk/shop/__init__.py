"""The shop on AWS, a stack for each thing that lives and changes at its own pace."""
