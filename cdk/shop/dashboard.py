"""The dashboard: what people notice, what the program says, what it stands on. From top to bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from shop import lines
from shop.numbers import FIVE, MINUTE

if TYPE_CHECKING:
    from shop.observability import ObservabilityStack

THIRD = 8
WHOLE = 24


def dashboard(stack: ObservabilityStack) -> None:
    board = cloudwatch.Dashboard(
        stack, "Dashboard", dashboard_name=stack.named("shop"), default_interval=cdk.Duration.hours(6)
    )
    board.add_widgets(cloudwatch.AlarmStatusWidget(title="Alarms", alarms=stack.alarms, width=WHOLE, height=4))
    board.add_widgets(*_people(stack))
    board.add_widgets(*_program(stack))
    board.add_widgets(*_shop(stack))
    board.add_widgets(*_ground(stack))
    board.add_widgets(
        cloudwatch.LogQueryWidget(
            title="Errors of the last hours",
            log_group_names=[stack.service.log.log_group_name],
            query_lines=[
                "fields @timestamp, message, error, span.id",
                'filter level = "ERROR"',
                "sort @timestamp desc",
                "limit 50",
            ],
            width=WHOLE,
            height=8,
        )
    )


def _graph(title: str, left: list[cloudwatch.IMetric], right: list[cloudwatch.IMetric] | None = None):
    return cloudwatch.GraphWidget(title=title, left=left, right=right or [], width=THIRD, height=6)


def _people(stack: ObservabilityStack) -> list[cloudwatch.IWidget]:
    requests = stack.compute.balancer.metrics.request_count(period=FIVE, statistic="Sum", label="requests")
    times = [stack.answer_time(statistic) for statistic in ("p50", "p95", "p99")]
    signed = [stack.numbers.sign_ins(outcome) for outcome in ("begun", "succeeded", "refused", "failed")]
    people = stack.numbers.state("shop_people_active", label="people")
    return [
        _graph("Requests, and errors in percent", [requests], [stack.error_rate()]),
        _graph("Seconds an answer takes", times),
        _graph("Sign-ins, and people who use the shop", signed, [people]),
    ]


def _program(stack: ObservabilityStack) -> list[cloudwatch.IWidget]:
    def counted(*some: lines.Line) -> list[cloudwatch.IMetric]:
        return [stack.counted[line.metric] for line in some]

    age = stack.numbers.state("shop_outbox_oldest_age_seconds", label="waits")
    given_up = stack.numbers.state("shop_outbox_given_up", label="given up")
    waiting = stack.events.queue.metric_approximate_number_of_messages_visible(period=FIVE, label="events")
    dead = stack.events.dead_letters.metric_approximate_number_of_messages_visible(period=FIVE, label="dead letters")
    return [
        _graph("The books, and writes nobody knows of", counted(lines.BOOKS, lines.COMMITS)),
        _graph("News: seconds the oldest waits, given up, events", [age], [given_up, waiting, dead]),
        _graph("Failures", counted(lines.INSIDE, lines.JOBS, lines.PANICS, lines.TURNED_AWAY, lines.DENIED)),
    ]


def _shop(stack: ObservabilityStack) -> list[cloudwatch.IWidget]:
    numbers = stack.numbers
    placed = numbers.count("shop_orders_placed_total", label="placed")
    return [
        _graph("Orders, and those refused by reason", [placed], [numbers.each("shop_orders_refused_total", "reason")]),
        _graph("Points moved by kind", [numbers.each("shop_points_moved_total", "kind")]),
        _graph(
            "Fullest pool, percent, and jobs not well", [numbers.pool_use()], [numbers.state("shop_jobs_unwell", MINUTE)]
        ),
    ]


def _ground(stack: ObservabilityStack) -> list[cloudwatch.IWidget]:
    service, instance = stack.service.service, stack.data.database
    group = stack.compute.target_group.metrics
    tasks = [service.metric_cpu_utilization(period=FIVE), service.metric_memory_utilization(period=FIVE)]
    database = [instance.metric_cpu_utilization(period=FIVE)]
    connections = [instance.metric_database_connections(period=FIVE, statistic="Maximum")]
    latency = [instance.metric(name, period=FIVE, statistic="Average") for name in ("ReadLatency", "WriteLatency")]
    return [
        _graph("Tasks: percent, and how many are well", tasks, [group.healthy_host_count(period=FIVE)]),
        _graph("Database: percent, and connections", database, connections),
        _graph("Database: latency, and free space", latency, [instance.metric_free_storage_space(period=FIVE)]),
    ]
