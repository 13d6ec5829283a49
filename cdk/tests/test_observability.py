"""Alarms, counted lines, the dashboard."""

import json
import re

from conftest import REPOSITORY, Templates

from shop import lines
from shop.numbers import namespace

# What must wake somebody, by the name of its alarm.
WANTED = {
    "errors-5xx", "slow-p95", "unhealthy-hosts", "too-few-tasks", "tasks-cpu", "tasks-memory", "pool-saturation",
    "database-cpu", "database-storage", "books", "outbox", "jobs", "requests-turned-away", "panics", "commits-unknown",
    "sign-ins", "desk-denied", "dead-letters", "deployment-errors", "mails-given-up", "books-unchecked", "jobs-unwell",
    "pool-full", "sign-ins-lost", "numbers-missing",
}  # fmt: skip


def alarms(environment: Templates) -> dict[str, dict]:
    prefix = f"awsomeshop-{environment.settings.name}-"
    return {alarm["AlarmName"].removeprefix(prefix): alarm for alarm in environment.all("AWS::CloudWatch::Alarm")}


def test_every_alarm_is_there(prod: Templates, dev: Templates) -> None:
    assert set(alarms(prod)) == WANTED | {"mail-bounces"}
    assert set(alarms(dev)) == WANTED


def test_every_alarm_tells_somebody(environment: Templates) -> None:
    for name, alarm in alarms(environment).items():
        if name != "deployment-errors":
            assert alarm["AlarmActions"] and alarm["OKActions"], name
        assert alarm["AlarmDescription"]


def told_by_the_program() -> dict[str, list[set[str]]]:
    """Each number of `docs/metrics.md`, and by which dimensions CloudWatch is told it."""
    table = (REPOSITORY / "docs" / "metrics.md").read_text()
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| `shop_")]
    return {row[0].strip("| `"): [set(re.findall(r"`(\w+)`", part)) for part in row[4].split("; ")] for row in rows}


def asked(alarm: dict) -> list[tuple[str, str, set[str]]]:
    """Namespace, name and dimensions of every metric that an alarm looks at."""
    metrics = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one] or [alarm]
    return [(one["Namespace"], one["MetricName"], {part["Name"] for part in one.get("Dimensions", [])}) for one in metrics]


def test_no_alarm_waits_for_a_metric_that_nobody_makes(environment: Templates) -> None:
    counted, told = {line.metric for line in lines.LINES}, told_by_the_program()
    assert len(told) > 10
    for alarm_name, alarm in alarms(environment).items():
        for where, name, dimensions in asked(alarm):
            if where != namespace(environment.settings):
                assert where.startswith(("AWS/", "ECS/ContainerInsights")), alarm_name
            elif name not in counted:
                assert dimensions in told[name], alarm_name


def test_the_program_is_told_the_namespace_that_alarms_look_at(environment: Templates) -> None:
    told = {one["Name"]: one["Value"] for one in environment.shop()["Environment"]}
    assert told["SHOP_METRICS_EMF_NAMESPACE"] == namespace(environment.settings)
    # CloudWatch finds numbers in lines of their own; the log driver hands over both outputs.
    assert environment.shop()["LogConfiguration"]["LogDriver"] == "awslogs"


def test_graphs_ask_for_numbers_that_are_told(environment: Templates) -> None:
    body = str(environment.one("AWS::CloudWatch::Dashboard")["DashboardBody"])
    named = set(re.findall(r"shop_\w+", body))
    assert len(named) > 8 and named <= set(told_by_the_program())


def test_thresholds_are_those_of_the_settings(environment: Templates) -> None:
    told, chosen = alarms(environment), environment.settings
    assert told["errors-5xx"]["Threshold"] == chosen.alarms.errors_5xx_percent
    assert (told["slow-p95"]["Threshold"], told["slow-p95"]["ExtendedStatistic"]) == (chosen.alarms.p95_s, "p95")
    most = chosen.database.max_connections * chosen.alarms.pool_percent / 100
    assert told["pool-saturation"]["Threshold"] == most
    assert told["outbox"]["Threshold"] == chosen.alarms.outbox_age_s
    # Longer than a letter that is refused is tried.
    assert chosen.alarms.outbox_age_s > sum(5 * 2**tries for tries in range(7))
    source = (REPOSITORY / "src" / "reports" / "checks.rs").read_text()
    assert "const STALE_S: i64 = 3 * 3_600;" in source and told["books-unchecked"]["Threshold"] == 3 * 3600
    assert [told[name]["Threshold"] for name in ("mails-given-up", "jobs-unwell", "pool-full")] == [1, 1, 100]
    assert told["sign-ins-lost"]["ComparisonOperator"] == "LessThanThreshold"
    # A program that tells nothing is the alarm.
    assert told["numbers-missing"]["TreatMissingData"] == "breaching"
    assert (told["books"]["Threshold"], told["books"]["EvaluationPeriods"]) == (1, 1)
    assert told["dead-letters"]["Threshold"] == 1
    assert told["deployment-errors"]["Threshold"] == chosen.alarms.deployment_errors
    assert told["too-few-tasks"]["Threshold"] == chosen.tasks.least
    # A service without tasks measures nothing, and that is the alarm.
    assert told["too-few-tasks"]["TreatMissingData"] == "breaching"


def test_lines_that_are_counted_are_lines_that_are_logged() -> None:
    source = "\n".join(path.read_text() for path in (REPOSITORY / "src").rglob("*.rs"))
    for line in lines.LINES:
        message = re.escape(line.message.removesuffix("*"))
        ends = ".*?" if line.message.endswith("*") else ""
        assert re.search(rf'tracing::\w+!\([^;]*?"{message}{ends}"', source), line.message
    # The fields that patterns name.
    assert re.search(r'tracing::info!\(%method, route, status, took_ms, "answered"\)', source)
    assert re.search(r"refused = untold,", source)
    # Fields stand beside the message, not below it.
    assert "flatten_event(true)" in source


def test_filters_read_the_shops_log(environment: Templates) -> None:
    filters = {one["MetricTransformations"][0]["MetricName"]: one for one in environment.all("AWS::Logs::MetricFilter")}
    assert set(filters) == {line.metric for line in lines.LINES}
    assert filters["BooksWrong"]["FilterPattern"] == '{ $.message = "the books are wrong" }'
    counted = {name: one["MetricTransformations"][0]["MetricValue"] for name, one in filters.items()}
    assert counted == {line.metric: "1" for line in lines.LINES} | {"RequestsTurnedAway": "$.refused"}
    assert filters["DeskDenied"]["FilterPattern"] == '{ $.message = "answered" && $.route = "/hr*" && $.status = 403 }'


def test_the_dashboard_can_be_read(environment: Templates) -> None:
    body = environment.one("AWS::CloudWatch::Dashboard")["DashboardBody"]
    # What only AWS knows is a name of the right shape here.
    text = "".join(part if isinstance(part, str) else "arn:aws:x" for part in body["Fn::Join"][1])
    kinds = [widget["type"] for widget in json.loads(text)["widgets"]]
    assert kinds == ["alarm", *["metric"] * 12, "log"]


def test_sns_only_over_tls_and_with_our_key_in_prod(prod: Templates, dev: Templates) -> None:
    for environment in (prod, dev):
        (policy,) = environment.all("AWS::SNS::TopicPolicy")
        statements = policy["PolicyDocument"]["Statement"]
        (denied,) = [one for one in statements if one["Effect"] == "Deny"]
        assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        # A policy of one's own takes the place of the one that lets alarms in.
        (allowed,) = [one for one in statements if one["Effect"] == "Allow"]
        assert allowed["Principal"]["Service"] == ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"]
    # Without a key of ours there is none: CloudWatch may not use AWS's own.
    assert "KmsMasterKeyId" in prod.one("AWS::SNS::Topic")
    assert "KmsMasterKeyId" not in dev.one("AWS::SNS::Topic")
