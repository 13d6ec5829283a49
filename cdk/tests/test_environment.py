"""What the program is told: exactly the variables of `.env.example`, and nothing it does not know."""

import re

from conftest import REPOSITORY, Templates

from shop.environment import CHOSEN_BY_SETTINGS, LEFT_OUT

FOR_MAIL = {"SMTP_URL", "SHOP_MAIL_FROM"}
FOR_TRACES = {"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_SERVICE_NAME", "OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"}


def variables() -> tuple[set[str], set[str]]:
    """All variables of `.env.example`, and those of them that must be set."""
    lines = (REPOSITORY / ".env.example").read_text().splitlines()
    found = [re.match(r"(#?)([A-Z][A-Z0-9_]*)=", line) for line in lines]
    every = {one.group(2) for one in found if one}
    return every, {one.group(2) for one in found if one and not one.group(1)}


def given(environment: Templates) -> dict[str, object]:
    shop = environment.shop()
    return {
        **{one["Name"]: one["Value"] for one in shop["Environment"]},
        **{one["Name"]: one["ValueFrom"] for one in shop["Secrets"]},
    }


def test_the_task_is_told_exactly_the_variables_of_the_example(environment: Templates) -> None:
    every, required = variables()
    told = set(given(environment))
    settings = environment.settings
    left_to_their_default = CHOSEN_BY_SETTINGS - set(settings.shop)
    unused = (set() if settings.mail else FOR_MAIL) | (set() if settings.traces else FOR_TRACES)
    # Each variable once: told, chosen to stay as it is, or left out with a reason.
    accounted = told | left_to_their_default | set(LEFT_OUT) | unused
    assert accounted == every, f"to be told or left out in cdk/shop/environment.py: {sorted(accounted ^ every)}"
    assert not told & (left_to_their_default | set(LEFT_OUT) | unused)
    assert required <= told


def test_the_example_names_what_the_program_reads() -> None:
    source = (REPOSITORY / "src/platform/config/reader.rs").read_text()
    listed = re.search(r"VARIABLES: &\[&str\] = &\[(.*?)\];", source, re.S)
    assert listed and set(re.findall(r'"([A-Z0-9_]+)"', listed.group(1))) == variables()[0]


def test_every_reason_to_leave_a_variable_out_is_one() -> None:
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())


def test_values_that_must_fit_to_others(environment: Templates) -> None:
    told, settings = given(environment), environment.settings
    assert told["SHOP_BIND"] == "0.0.0.0:8080"
    assert environment.shop()["PortMappings"] == [{"ContainerPort": 8080, "Protocol": "tcp"}]
    # Numbers are for whoever is beside the program only.
    assert told["SHOP_METRICS_BIND"] == "127.0.0.1:9090"
    assert told["SHOP_PUBLIC_URL"] == f"https://{settings.web.domain}"
    public = [one["CidrBlock"] for one in environment.all("AWS::EC2::Subnet") if "public" in str(one["Tags"])]
    assert sorted(told["SHOP_TRUSTED_PROXIES"].split(", ")) == sorted(public) and len(public) == 2
    assert (told["DATABASE_POOL_MIN"], told["DATABASE_POOL_MAX"]) == (
        str(settings.tasks.pool_min),
        str(settings.tasks.pool_max),
    )
    host = f"{settings.identity.domain_prefix}.auth.{settings.region}.amazoncognito.com"
    assert told["OIDC_LOGOUT_URL"] == f"https://{host}/logout"
    issuer = told["OIDC_ISSUER_URL"]["Fn::Join"][1][0]
    assert issuer == f"https://cognito-idp.{settings.region}.amazonaws.com/"


def test_the_program_works_as_a_user_that_cannot_change_the_books(environment: Templates) -> None:
    migration = environment.task("migration")["ContainerDefinitions"][2]
    told = {one["Name"]: one["Value"] for one in migration["Environment"]}
    source = (REPOSITORY / "tests/it/architecture/books.rs").read_text()
    listed = re.search(r"APPEND_ONLY: .*?= \[(.*?)\];", source, re.S)
    assert listed and set(re.findall(r'\("(\w+)",', listed.group(1))) == set(told["APPEND_ONLY"].split())
    assert "WorkerUrl" in given(environment)["DATABASE_URL"]["Fn::ImportValue"]
