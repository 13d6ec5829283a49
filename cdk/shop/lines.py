"""Lines of the program's log that are counted, where it tells no number (`numbers.py`). Each stands in the source as it
stands here; a test looks.
"""

from dataclasses import dataclass

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct


@dataclass(frozen=True)
class Line:
    metric: str
    # May end in *, as CloudWatch's patterns may.
    message: str
    # What more must hold of its fields.
    only: str = ""
    # A field whose number counts; without it each line counts once.
    value: str | None = None


BOOKS = Line("BooksWrong", "the books are wrong")
JOBS = Line("JobsFailed", "a job failed; it will be tried again")
TURNED_AWAY = Line("RequestsTurnedAway", "more requests than the shop can serve: some were refused", value="$.refused")
PANICS = Line("Panics", "something panicked")
INSIDE = Line("RequestsFailedInside", "a request failed inside")
COMMITS = Line("CommitsUnknown", "a commit failed: whether it happened is unknown")
DENIED = Line("DeskDenied", "answered", only='$.route = "/hr*" && $.status = 403')

LINES = (BOOKS, JOBS, TURNED_AWAY, PANICS, INSIDE, COMMITS, DENIED)


def count(scope: Construct, group: logs.ILogGroup, namespace: str, line: Line) -> cloudwatch.Metric:
    also = f" && {line.only}" if line.only else ""
    pattern = f'{{ $.message = "{line.message}"{also} }}'
    kept = logs.MetricFilter(
        scope,
        line.metric,
        log_group=group,
        filter_pattern=logs.FilterPattern.literal(pattern),
        metric_namespace=namespace,
        metric_name=line.metric,
        metric_value=line.value or "1",
        default_value=0,
    )
    return kept.metric(statistic="Sum")
