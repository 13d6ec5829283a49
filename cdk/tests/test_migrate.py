"""`migrate.sh` against an AWS of three lines: it ends well only when all three containers have."""

import os
import subprocess
from pathlib import Path

import pytest
from conftest import CDK

AWS = """#!/usr/bin/env bash
echo "$*" >> "$SAID"
case "$*" in
  *describe-stacks*) printf 'value-of-%s\\n' "$(sed -E "s/.*OutputKey=='([A-Za-z]+)'.*/\\1/" <<< "$*")" ;;
  *run-task*) echo arn:task ;;
  *"wait tasks-stopped"*) ;;
  *"--output table"*) echo "| the table |" ;;
  *exitCode*) printf '%b\\n' "$CODES" ;;
esac
"""


def migrated(folder: Path, codes: str) -> tuple[subprocess.CompletedProcess[str], str]:
    aws = folder / "aws"
    aws.write_text(AWS)
    aws.chmod(0o755)
    said = folder / "said"
    surroundings = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "SAID": str(said), "CODES": codes}
    command = [str(CDK / "migrate.sh"), "dev"]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=30)
    return done, said.read_text()


def test_the_task_runs_where_the_outputs_say(tmp_path: Path) -> None:
    done, said = migrated(tmp_path, "0\\t0\\t0")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the schema is up to date" in done.stdout
    (run,) = [line for line in said.splitlines() if "run-task" in line]
    assert "--cluster value-of-ClusterName --task-definition value-of-MigrationTask" in run
    assert "subnets=[value-of-TaskSubnets],securityGroups=[value-of-TaskGroupId],assignPublicIp=DISABLED" in run


@pytest.mark.parametrize("codes", ["0\\t1\\tNone", "1\\tNone\\tNone", "0\\t0\\t1", "None", "0\\t0"])
def test_whatever_else_a_container_says_is_a_failure(tmp_path: Path, codes: str) -> None:
    done, _ = migrated(tmp_path, codes)
    assert done.returncode == 1
    assert "/awsomeshop/dev/migration" in done.stdout
