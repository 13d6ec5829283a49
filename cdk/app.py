"""`cdk -c env=dev …` or `-c env=prod`; `-c image=sha256:…` says which version of the program."""

import aws_cdk as cdk

from settings import ENVIRONMENTS
from shop.app import environment

app = cdk.App()
chosen = app.node.try_get_context("env")
if chosen not in ENVIRONMENTS:
    raise SystemExit(f"say which environment: -c env={'|'.join(ENVIRONMENTS)}")
environment(app, ENVIRONMENTS[chosen])
app.synth()
