"""Rules of others on our templates: cfn-lint, and AwsSolutions of cdk-nag, each exception with its reason."""

import json
import re
import subprocess
import sys
from pathlib import Path

from conftest import CDK, STACKS, Templates

# W3005: the CDK itself says of some things twice that they depend on each other.
LEFT_TO_CDK = "W3005"


def test_cfn_lint_finds_nothing(prod: Templates, dev: Templates) -> None:
    paths = [str(environment.path(stack)) for environment in (prod, dev) for stack in STACKS]
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--ignore-checks", LEFT_TO_CDK, "--", *paths]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_cloudformations_own_rules_were_asked(environment: Templates) -> None:
    """They and AwsSolutions end a synthesis that breaks them; `test_the_rules_speak` sees that they do."""
    report = json.loads((environment.folder / "validation-report.json").read_text())
    (own,) = [one for one in report["pluginReports"] if one["pluginName"] == "CloudFormation Validate"]
    assert (own["conclusion"], own["violations"]) == ("success", [])


def test_every_exception_has_a_reason() -> None:
    """`acknowledge` cannot be called without one; here it must be a sentence, and no rule is waved through as a whole."""
    source = "\n".join(path.read_text() for path in (CDK / "shop").glob("*.py"))
    reasons = re.findall(r'"(AwsSolutions-[A-Z]+\d+[^"]*)",\s*(?:"([^"]+)"|reason)', source)
    assert len(reasons) >= 10
    for rule, reason in reasons:
        assert "*]" not in rule or rule.endswith("[Resource::*]") or "products" in rule, rule
        assert not reason or len(reason) > 15, rule
    # One door only, so that the above sees every one.
    assert source.count("Acknowledgment(") == 1


def test_no_secret_and_no_account_in_what_is_committed() -> None:
    # Two that nobody has, and the one from which AWS's load balancers in Ireland write their logs.
    known = {"111111111111", "000000000000", "156460612806"}
    for path in [*CDK.glob("s*/**/*"), *CDK.glob("tests/**/*"), CDK / "cdk.json"]:
        if path.is_file() and "__pycache__" not in path.parts:
            text = path.read_text()
            accounts = set(re.findall(r"\b\d{12}\b", text)) - known
            assert not accounts, f"{path}: {accounts}"
            assert "AKIA" + "I" not in text, path
