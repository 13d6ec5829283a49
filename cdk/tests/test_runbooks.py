"""What the runbooks name is there: stacks' outputs, names on AWS, alarms, lines of the log, pages, jobs, each other."""

import re
from pathlib import Path

import pytest
from conftest import CDK, REPOSITORY, STACKS

RUNBOOKS = sorted((REPOSITORY / "docs" / "runbooks").glob("*.md"))
WORDS = {path.name: path.read_text() for path in RUNBOOKS}
ALL = "\n".join(WORDS.values())
# The snapshots are prod's: there everything is that can be.
DEPLOYED = "\n".join(path.read_text() for path in (CDK / "tests" / "snapshots").glob("*.json"))
CDK_SOURCE = "\n".join(path.read_text() for path in (CDK / "shop").glob("*.py"))
# A string that goes on in the next line is one string.
RUST = re.sub(r"\\\n\s*", "", "\n".join(path.read_text() for path in (REPOSITORY / "src").rglob("*.rs")))


def found(pattern: str) -> set[str]:
    return set(re.findall(pattern, ALL))


def test_every_name_on_aws_is_one_that_is_deployed() -> None:
    names = found(r"awsomeshop-(?:\$ENV|ENV)-([a-z0-9-]*[a-z0-9])") - set(STACKS)
    assert names
    missing = {name for name in names if f"awsomeshop-prod-{name}" not in DEPLOYED}
    paths = found(r"awsomeshop/\$ENV/([a-z_/-]*[a-z])")
    missing |= {path for path in paths if f"awsomeshop/prod/{path}" not in DEPLOYED}
    assert not missing


def test_every_output_is_one() -> None:
    for name in found(r"OutputKey=='([A-Za-z]+)'"):
        assert f'"{name}"' in CDK_SOURCE, name


def test_every_alarm_leads_to_a_runbook() -> None:
    alarms = set(re.findall(r'self\.alarm\(\s*"([a-z0-9-]+)"', CDK_SOURCE))
    assert len(alarms) > 15
    index = WORDS["README.md"].partition("## Before any command")[0]
    assert not {alarm for alarm in alarms if f"`{alarm}`" not in index}


def test_every_line_of_the_log_is_one_that_the_program_writes() -> None:
    messages = found(r'\$\.message = "([^"*]+)"') | set(
        re.findall(r"^\| `((?:identity|a sign-in)[^`]+)`", ALL, re.MULTILINE)
    )
    assert len(messages) > 10
    assert not {message for message in messages if message not in RUST}


def test_every_page_and_every_job_is_one() -> None:
    urls = "\n".join(path.read_text() for path in (REPOSITORY / "src" / "urls").rglob("*.rs"))
    for page in found(r"`(/hr[a-z/]*[a-z])[^a-z`]*`"):
        assert f'"{page}' in urls, page
    jobs = (REPOSITORY / "src" / "server" / "jobs.rs").read_text()
    for job in found(r"run\.sh \$ENV job ([a-z-]+)"):
        assert "".join(word.title() for word in job.split("-")) in jobs, job


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(runbook: Path) -> None:
    for file, heading in re.findall(r"\]\(([^)#]+)#?([^)]*)\)", WORDS[runbook.name]):
        target = runbook.parent / file
        assert target.exists(), file
        headings = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE) if heading else []
        anchors = [re.sub(r"[^a-z0-9 -]", "", words.lower()).replace(" ", "-") for words in headings]
        assert not heading or heading in anchors, f"{file}#{heading}"
