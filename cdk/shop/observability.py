"""What the operator sees: alarms to one topic, a dashboard, lines counted in the log."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from settings.model import Settings
from shop import lines
from shop.base import ShopStack
from shop.compute import ComputeStack
from shop.dashboard import dashboard
from shop.data import DataStack
from shop.events import EventsStack
from shop.numbers import FIVE, MINUTE, QUARTER, Numbers
from shop.service import ServiceStack

GB = 1024**3
# As `/health` has it: nobody has checked the books for so long.
BOOKS_STALE_S = 3 * 3600


class ObservabilityStack(ShopStack):
    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        data: DataStack,
        events: EventsStack,
        compute: ComputeStack,
        service: ServiceStack,
    ) -> None:
        super().__init__(scope, "observability", settings, "AWSomeShop: alarms and dashboard")
        self.data, self.events, self.compute, self.service = data, events, compute, service
        self.topic = self._topic(data.key)
        self.numbers = Numbers(settings)
        self.counted = {line.metric: lines.count(self, service.log, self.numbers.namespace, line) for line in lines.LINES}
        self.alarms: list[cloudwatch.Alarm] = []
        self._people()
        self._tasks()
        self._database()
        self._shop()
        self._numbers()
        dashboard(self)
        self._database_events()
        self.output("AlarmTopicArn", self.topic.topic_arn, "Where alarms are told")

    def _topic(self, key: kms.IKey | None) -> sns.Topic:
        topic = sns.Topic(self, "Alarms", topic_name=self.named("alarms"), master_key=key, enforce_ssl=True)
        # A topic with a policy of its own lets in nobody whom that does not name.
        for service in ("cloudwatch.amazonaws.com", "events.rds.amazonaws.com"):
            topic.add_to_resource_policy(
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal(service)],
                    actions=["sns:Publish"],
                    resources=[topic.topic_arn],
                    conditions={"StringEquals": {"aws:SourceAccount": self.account}},
                )
            )
        if self.settings.alarms.email:
            topic.add_subscription(subscriptions.EmailSubscription(self.settings.alarms.email))
        return topic

    def alarm(
        self,
        name: str,
        why: str,
        metric: cloudwatch.IMetric,
        at_least: float,
        periods: tuple[int, int] = (1, 1),
        missing: cloudwatch.TreatMissingData = cloudwatch.TreatMissingData.NOT_BREACHING,
        below: bool = False,
    ) -> None:
        """Speaks when so many of so many periods are at or beyond a threshold."""
        bad, of = periods
        comparison = cloudwatch.ComparisonOperator
        made = cloudwatch.Alarm(
            self,
            name,
            alarm_name=self.named(name),
            alarm_description=why,
            metric=metric,
            threshold=at_least,
            datapoints_to_alarm=bad,
            evaluation_periods=of,
            comparison_operator=comparison.LESS_THAN_THRESHOLD if below else comparison.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=missing,
        )
        action = actions.SnsAction(self.topic)
        made.add_alarm_action(action)
        made.add_ok_action(action)
        self.alarms.append(made)

    def error_rate(self) -> cloudwatch.MathExpression:
        balancer, group = self.compute.balancer.metrics, self.compute.target_group.metrics
        fewest = self.settings.alarms.fewest_requests
        return cloudwatch.MathExpression(
            label="5xx, percent",
            expression=f"IF(asked >= {fewest}, 100 * (FILL(ours, 0) + FILL(theirs, 0)) / asked, 0)",
            using_metrics={
                "ours": group.http_code_target(elb.HttpCodeTarget.TARGET_5XX_COUNT, period=FIVE, statistic="Sum"),
                "theirs": balancer.http_code_elb(elb.HttpCodeElb.ELB_5XX_COUNT, period=FIVE, statistic="Sum"),
                "asked": balancer.request_count(period=FIVE, statistic="Sum"),
            },
            period=FIVE,
        )

    def answer_time(self, statistic: str) -> cloudwatch.Metric:
        return self.compute.target_group.metrics.target_response_time(period=FIVE, statistic=statistic)

    def _people(self) -> None:
        """What people notice."""
        chosen = self.settings.alarms
        self.alarm("errors-5xx", "Answers are errors of ours.", self.error_rate(), chosen.errors_5xx_percent, (2, 3))
        self.alarm("slow-p95", "One answer in twenty takes too long.", self.answer_time("p95"), chosen.p95_s, (3, 3))

    def _tasks(self) -> None:
        group, service = self.compute.target_group.metrics, self.service.service
        self.alarm(
            "unhealthy-hosts",
            "A task does not answer the load balancer.",
            group.unhealthy_host_count(period=MINUTE, statistic="Maximum"),
            1,
            (3, 5),
        )
        running = cloudwatch.Metric(
            namespace="ECS/ContainerInsights",
            metric_name="RunningTaskCount",
            dimensions_map={"ClusterName": self.compute.cluster.cluster_name, "ServiceName": service.service_name},
            period=MINUTE,
            statistic="Minimum",
        )
        least, silent = self.settings.tasks.least, cloudwatch.TreatMissingData.BREACHING
        self.alarm("too-few-tasks", "Fewer tasks run than should.", running, least, (5, 5), missing=silent, below=True)
        busy = self.settings.alarms.busy_percent
        cpu, memory = (measure(period=FIVE) for measure in (service.metric_cpu_utilization, self._memory))
        self.alarm("tasks-cpu", "Tasks are busy although there should be more.", cpu, busy, (3, 3))
        self.alarm("tasks-memory", "Tasks run out of memory.", memory, busy, (3, 3))

    def _memory(self, period: cdk.Duration) -> cloudwatch.Metric:
        return self.service.service.metric_memory_utilization(period=period)

    def _database(self) -> None:
        chosen, instance = self.settings, self.data.database
        most = chosen.database.max_connections * chosen.alarms.pool_percent / 100
        connections = instance.metric_database_connections(period=MINUTE, statistic="Maximum")
        self.alarm("pool-saturation", "The database has hardly a connection left.", connections, most, (3, 5))
        cpu = instance.metric_cpu_utilization(period=FIVE)
        self.alarm("database-cpu", "The database is busy.", cpu, chosen.alarms.busy_percent, (3, 3))
        free = instance.metric_free_storage_space(period=FIVE, statistic="Minimum")
        least = chosen.alarms.free_storage_gb * GB
        self.alarm("database-storage", "The database's disk fills up.", free, least, (2, 2), below=True)

    def _shop(self) -> None:
        """What the program says in its log."""

        def counted(line: lines.Line, period: cdk.Duration) -> cloudwatch.Metric:
            return self.counted[line.metric].with_(period=period)

        alarms = self.settings.alarms
        self.alarm("books", "A law of the books is broken: see the runbook.", counted(lines.BOOKS, FIVE), 1)
        self.alarm("jobs", "A background job keeps failing.", counted(lines.JOBS, QUARTER), 3, (2, 2))
        turned_away = counted(lines.TURNED_AWAY, FIVE)
        self.alarm("requests-turned-away", "More people come than can be served.", turned_away, 1, (2, 3))
        self.alarm("panics", "The program met what it thought impossible.", counted(lines.PANICS, FIVE), 1)
        self.alarm("commits-unknown", "Nobody knows whether a write happened.", counted(lines.COMMITS, FIVE), 1)
        denied = counted(lines.DENIED, FIVE)
        self.alarm("desk-denied", "Somebody tries desks that are not theirs.", denied, alarms.desk_denied)
        dead = self.events.dead_letters.metric_approximate_number_of_messages_visible(period=FIVE, statistic="Maximum")
        self.alarm("dead-letters", "An event was given up.", dead, 1)
        if self.settings.mail:
            bounced = cloudwatch.Metric(
                namespace="AWS/SES", metric_name="Reputation.BounceRate", period=QUARTER, statistic="Maximum"
            )
            self.alarm("mail-bounces", "Letters come back; SES may stop sending.", bounced, alarms.bounces_percent / 100)

    def _numbers(self) -> None:
        """What the program counts and asks itself."""
        numbers, chosen = self.numbers, self.settings.alarms
        age = numbers.state("shop_outbox_oldest_age_seconds")
        self.alarm("outbox", "News waits for too long.", age, chosen.outbox_age_s)
        self.alarm("mails-given-up", "Mails were given up.", numbers.state("shop_outbox_given_up"), 1)
        checked = numbers.state("shop_books_check_age_seconds")
        self.alarm("books-unchecked", "Nobody checks the books.", checked, BOOKS_STALE_S)
        unwell = numbers.state("shop_jobs_unwell")
        self.alarm("jobs-unwell", "A job fails each time, or is not done.", unwell, 1, (3, 3))
        self.alarm("pool-full", "Requests of a task wait for connections.", numbers.pool_use(), 100, (3, 5))
        self.alarm("sign-ins", "Many sign-ins fail.", numbers.not_signed_in(), chosen.sign_ins_failed)
        back, least = numbers.come_back(), chosen.signed_in_percent
        self.alarm("sign-ins-lost", "Who goes to sign in does not come back.", back, least, (2, 2), below=True)
        # Without numbers none of these could speak.
        told = numbers.state("shop_database_connections_limit", for_="read").with_(statistic="SampleCount")
        silent = cloudwatch.TreatMissingData.BREACHING
        self.alarm("numbers-missing", "The program tells no numbers.", told, 1, (3, 3), missing=silent, below=True)

    def _database_events(self) -> None:
        events = {
            "db-instance": [
                "availability", "backup", "configuration change", "deletion", "failover", "failure", "low storage",
                "maintenance", "recovery",
            ],
            "db-parameter-group": ["configuration change"],
        }  # fmt: skip
        for source, categories in events.items():
            rds.CfnEventSubscription(
                self,
                f"Events-{source}",
                sns_topic_arn=self.topic.topic_arn,
                source_type=source,
                event_categories=categories,
                enabled=True,
            )
