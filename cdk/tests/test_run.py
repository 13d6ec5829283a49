"""`run.sh` against an AWS of a few lines: the command goes to the version that runs, and its exit code comes back."""

import os
import subprocess
from pathlib import Path

import pytest
from conftest import CDK

AWS = """#!/usr/bin/env bash
echo "$*" >> "$SAID"
case "$*" in
  *describe-stacks*) printf 'value-of-%s\\n' "$(sed -E "s/.*OutputKey=='([A-Za-z]+)'.*/\\1/" <<< "$*")" ;;
  *describe-services*) echo arn:definition:7 ;;
  *run-task*) echo arn:aws:ecs:eu-west-1:1:task/cluster/abc ;;
  *"wait tasks-stopped"*) ;;
  *filter-log-events*) echo "holds   a law" ;;
  *exitCode*) echo "$CODE" ;;
esac
"""


def ran(folder: Path, code: str, *words: str) -> tuple[subprocess.CompletedProcess[str], str]:
    aws = folder / "aws"
    aws.write_text(AWS)
    aws.chmod(0o755)
    said = folder / "said"
    said.touch()
    surroundings = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "SAID": str(said), "CODE": code}
    command = [str(CDK / "run.sh"), *words]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=30)
    return done, said.read_text()


def test_a_command_runs_as_the_service_does(tmp_path: Path) -> None:
    done, said = ran(tmp_path, "0", "dev", "job", "deliver-outbox")
    assert done.returncode == 0, done.stdout + done.stderr
    (run,) = [line for line in said.splitlines() if "run-task" in line]
    assert "--cluster value-of-ClusterName --task-definition arn:definition:7" in run
    assert '{"containerOverrides":[{"name":"shop","command":["job","deliver-outbox"]}]}' in run
    (log,) = [line for line in said.splitlines() if "filter-log-events" in line]
    assert "--log-group-name value-of-LogGroupName --log-stream-names shop/shop/abc" in log
    assert "holds   a law" in done.stdout


@pytest.mark.parametrize(("code", "ends"), [("1", 1), ("2", 2), ("None", 70)])
def test_its_exit_code_comes_back(tmp_path: Path, code: str, ends: int) -> None:
    done, _ = ran(tmp_path, code, "dev", "check-books")
    assert done.returncode == ends


def test_without_a_command_nothing_runs(tmp_path: Path) -> None:
    done, said = ran(tmp_path, "0", "dev")
    assert done.returncode == 64
    assert said == ""
