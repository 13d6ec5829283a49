"""Numbers that do not hold together stop the synthesis, with a sentence that says which."""

import ast
from dataclasses import FrozenInstanceError, replace

import pytest
from conftest import CDK, synthesise

from settings import ENVIRONMENTS
from settings.checks import SettingsProblem, check, problems
from settings.dev import DEV
from settings.model import Federation, Settings, Traces
from settings.prod import PROD

COLLECTOR = "public.example.com/collector@sha256:" + "0" * 64


def database(settings: Settings, **changes: object) -> Settings:
    return replace(settings, database=replace(settings.database, **changes))


def tasks(settings: Settings, **changes: object) -> Settings:
    return replace(settings, tasks=replace(settings.tasks, **changes))


@pytest.mark.parametrize("settings", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_the_environments_hold_together(settings: Settings) -> None:
    assert problems(settings) == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (tasks(PROD, pool_max=17), "17 + 1 connections × 10 tasks × 2 versions while one replaces the other = 360"),
        (tasks(DEV, most=6), "8 + 1 connections × 6 tasks × 2 versions"),
        (database(PROD, instance_class="t3.micro"), "max_connections 340 is more than a t3.micro takes (85)"),
        (database(PROD, instance_class="t2.nano"), "the instance class t2.nano is none of"),
        (database(DEV, backup_days=1), "7 days at least"),
        (database(DEV, storage_gb=100), "storage begins at 20 GB and can only grow"),
        (tasks(DEV, least=1), "2 to 10 tasks"),
        (tasks(DEV, cpu=256, memory_mib=2048), "Fargate has no task of 256 CPU units and 2048 MiB"),
        (tasks(DEV, pool_min=9), "a pool is of 2 to 64 connections"),
        (replace(PROD, traces=Traces("public.example.com/collector:v1", 0.05)), "image is named by its digest"),
        (replace(PROD, traces=Traces(COLLECTOR, 5)), "from 0 to 1"),
        (replace(DEV, traces=Traces(COLLECTOR, 0.05)), "needs 1024 MiB"),
        (replace(PROD, web=replace(PROD.web, hosted_zone_name=None)), "a hosted zone has an id and a name"),
        (replace(PROD, web=replace(PROD.web, certificate_arn="arn:aws:acm:x")), "and not both"),
        (replace(PROD, region="eu-central-1"), "are not in eu-central-1"),
        (replace(PROD, identity=replace(PROD.identity, mfa="optional")), "HR's desks need a second factor"),
        (
            replace(
                DEV, identity=replace(DEV.identity, federation=Federation("oidc", "Company", "https://id.example.com"))
            ),
            "needs a client id",
        ),
    ],
)
def test_what_does_not_hold_together_is_said(settings: Settings, said: str) -> None:
    with pytest.raises(SettingsProblem, match="do not hold together") as problem:
        check(settings)
    assert said in str(problem.value)


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        DEV.name = "prod"  # type: ignore[misc]


def test_an_environment_that_is_not_there(tmp_path: object) -> None:
    done = synthesise("test", tmp_path)
    assert done.returncode != 0
    assert "say which environment: -c env=dev|prod" in done.stdout + done.stderr


def test_prod_has_no_number_that_dev_must_not_have_seen() -> None:
    assert PROD.protected and PROD.database.multi_az and PROD.network.nat_gateways == 2
    assert not DEV.protected and not DEV.database.multi_az and DEV.network.nat_gateways == 1


def test_every_file_is_short() -> None:
    """Files under 400 lines, functions under 70, as everywhere in this repository."""
    for path in [*CDK.glob("*.py"), *CDK.glob("s*/**/*.py"), *CDK.glob("tests/*.py")]:
        text = path.read_text()
        assert text.count("\n") < 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 70, f"{path}: {node.name}"
