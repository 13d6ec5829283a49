"""Numbers that the program tells CloudWatch by lines of its log. `docs/metrics.md` lists them; a test looks there."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch

from settings.model import Settings

MINUTE = cdk.Duration.minutes(1)
FIVE = cdk.Duration.minutes(5)
QUARTER = cdk.Duration.minutes(15)


def namespace(settings: Settings) -> str:
    return f"AWSomeShop/{settings.name}"


class Numbers:
    """Those of one environment. A state is the same in every task, so the largest counts; counts are added up."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.namespace = namespace(settings)

    def state(self, name: str, period: cdk.Duration = FIVE, label: str | None = None, **by: str) -> cloudwatch.Metric:
        return self._metric(name, "Maximum", period, label, by)

    def count(self, name: str, period: cdk.Duration = FIVE, label: str | None = None, **by: str) -> cloudwatch.Metric:
        return self._metric(name, "Sum", period, label, by)

    def _metric(
        self, name: str, statistic: str, period: cdk.Duration, label: str | None, by: dict[str, str]
    ) -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=self.namespace,
            metric_name=name,
            dimensions_map={dimension.rstrip("_"): value for dimension, value in by.items()} or None,
            statistic=statistic,
            period=period,
            label=label,
        )

    def each(self, name: str, dimension: str) -> cloudwatch.MathExpression:
        """One line for every value there is."""
        search = f'{{"{self.namespace}","{dimension}"}} MetricName="{name}"'
        return cloudwatch.MathExpression(
            expression=f"SEARCH('{search}', 'Sum', {FIVE.to_seconds()})", using_metrics={}, label="", period=FIVE
        )

    def sign_ins(self, outcome: str, period: cdk.Duration = FIVE) -> cloudwatch.Metric:
        return self.count("shop_sign_ins_total", period, label=outcome, outcome=outcome)

    def not_signed_in(self) -> cloudwatch.MathExpression:
        """Whoever was refused, and whoever failed: at the provider, or because it could not be reached."""
        return cloudwatch.MathExpression(
            label="not signed in",
            expression="FILL(failed, 0) + FILL(refused, 0)",
            using_metrics={outcome: self.sign_ins(outcome) for outcome in ("failed", "refused")},
            period=FIVE,
        )

    def come_back(self) -> cloudwatch.MathExpression:
        """Of those who went to the provider, how many came in: when its pages do not open, nobody does."""
        fewest = self.settings.alarms.fewest_sign_ins
        return cloudwatch.MathExpression(
            label="signed in, percent",
            expression=f"IF(FILL(begun, 0) >= {fewest}, 100 * FILL(succeeded, 0) / begun, 100)",
            using_metrics={outcome: self.sign_ins(outcome, QUARTER) for outcome in ("begun", "succeeded")},
            period=QUARTER,
        )

    def pool_use(self) -> cloudwatch.MathExpression:
        """Of the fullest pool of any task, to read or to write."""
        parts = {
            f"{what}_{purpose}": self.state(f"shop_database_connections_{what}", MINUTE, for_=purpose)
            for what in ("in_use", "limit")
            for purpose in ("read", "write")
        }
        return cloudwatch.MathExpression(
            label="fullest pool, percent",
            expression="100 * MAX([in_use_read / limit_read, in_use_write / limit_write])",
            using_metrics=parts,
            period=MINUTE,
        )
