"""`deploy.sh`, with every command that leaves this machine replaced by one that only writes down how it was called."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent / "deploy.sh"
MANIFEST = b"the manifest of an image"
DIGEST = f"sha256:{hashlib.sha256(MANIFEST).hexdigest()}"
BEFORE = f"sha256:{'b' * 64}"

AWS = f"""
case "$*" in
  *"OutputKey=='RepositoryUri'"*) echo registry.example.com/awsomeshop-dev-images ;;
  *"OutputKey=='PublicUrl'"*) echo https://shop-dev.example.com ;;
  *"OutputKey=='TaskDefinitionArn'"*) [ -z "$FIRST" ] && echo arn:task/shop:7 ;;
  *describe-task-definition*) echo "registry.example.com/awsomeshop-dev-images@{BEFORE}" ;;
  *describe-images*) [ -n "$PUSHED" ] ;;
  *get-login-password*) echo secret ;;
esac
"""


@pytest.fixture
def deploy(tmp_path):
    commands = tmp_path / "commands"
    image = tmp_path / "image"
    calls = tmp_path / "calls"
    for folder in (commands, image, tmp_path / "cdk", tmp_path / "bin"):
        folder.mkdir()
    (image / "manifest.json").write_bytes(MANIFEST)
    shutil.copy(SCRIPT, tmp_path / "cdk")

    def command(path: Path, does: str) -> None:
        path.write_text(f'#!/usr/bin/env bash\necho "${{0##*/}} $*" >> "{calls}"\n{does}')
        path.chmod(0o755)

    command(commands / "aws", AWS)
    command(commands / "npx", '[ -z "$BROKEN" ] || [[ $* != *-service* ]]')
    command(commands / "skopeo", "cat > /dev/null")
    command(commands / "git", "echo 0123456789ab")
    command(tmp_path / "cdk/migrate.sh", '[ -z "$STUCK" ]')
    command(tmp_path / "bin/smoke", '[ -z "$UNWELL" ]')

    def run(**switches: str) -> tuple[int, list[str], str]:
        names = ("FIRST", "PUSHED", "BROKEN", "STUCK", "UNWELL")
        environment = {name: switches.get(name, "") for name in names}
        environment["PATH"] = f"{commands}:{os.environ['PATH']}"
        done = subprocess.run(
            [tmp_path / "cdk/deploy.sh", "dev", image], env=environment, capture_output=True, text=True, check=False
        )
        said = [line for line in calls.read_text().splitlines() if not line.startswith(("aws", "git"))]
        return done.returncode, [line.replace(f"{tmp_path}/", "") for line in said], done.stdout + done.stderr

    return run


def stack(name: str, digest: str) -> str:
    return f"npx cdk deploy awsomeshop-dev-{name} --exclusively --require-approval never -c env=dev -c image={digest}"


PUSH = [
    "skopeo login --username AWS --password-stdin registry.example.com",
    "skopeo copy --preserve-digests dir:image docker://registry.example.com/"
    f"awsomeshop-dev-images:0123456789ab-{DIGEST[7:19]}",
]
ARRIVAL = [
    stack("compute", DIGEST),
    "migrate.sh dev",
    stack("service", DIGEST),
    "smoke https://shop-dev.example.com",
]


def test_a_version_is_pushed_migrated_deployed_and_looked_at_in_this_order(deploy):
    code, calls, said = deploy()
    assert (code, calls) == (0, [*PUSH, *ARRIVAL, stack("observability", DIGEST)]), said


def test_what_is_in_the_registry_already_is_not_pushed_again(deploy):
    code, calls, said = deploy(PUSHED="yes")
    assert (code, calls) == (0, [*ARRIVAL, stack("observability", DIGEST)]), said


def test_a_version_that_is_not_well_gives_way_to_the_one_before(deploy):
    code, calls, said = deploy(UNWELL="yes")
    assert (code, calls) == (1, [*PUSH, *ARRIVAL, stack("service", BEFORE)]), said


def test_before_the_first_version_there_is_none_to_go_back_to(deploy):
    code, calls, said = deploy(UNWELL="yes", FIRST="yes")
    assert (code, calls) == (1, [*PUSH, *ARRIVAL]), said


def test_nothing_is_deployed_upon_a_schema_that_did_not_come_up(deploy):
    code, calls, said = deploy(STUCK="yes")
    assert (code, calls) == (1, [*PUSH, *ARRIVAL[:2]]), said


def test_what_ecs_has_taken_back_is_not_looked_at(deploy):
    code, calls, said = deploy(BROKEN="yes")
    assert (code, calls) == (1, [*PUSH, *ARRIVAL[:3]]), said
