"""The service: the tasks that people talk to, how many there are, and when a new version gives way to the old one."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_iam as iam
from constructs import Construct

from settings.model import Settings
from shop import environment
from shop.base import ShopStack
from shop.collector import collector
from shop.compute import ComputeStack
from shop.data import DataStack
from shop.events import EventsStack
from shop.identity import IdentityStack
from shop.network import SHOP_PORT, NetworkStack
from shop.task import PROGRAM, USER, definition, hardened, image, scratch, starter

# The program leaves within 10 + 25 seconds of SIGTERM; nobody ends it before that.
STOP_S = 60
# Lines that wait while CloudWatch does not answer; beyond that they are lost.
LOG_BUFFER_MIB = 10


class ServiceStack(ShopStack):
    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        network: NetworkStack,
        data: DataStack,
        identity: IdentityStack,
        events: EventsStack,
        compute: ComputeStack,
    ) -> None:
        super().__init__(scope, "service", settings, "AWSomeShop: the service")
        self.compute = compute
        self.log = self.log_group("Log", f"/awsomeshop/{settings.name}/shop", network.key)
        self.task = self._task(environment.of_the_service(self, network, data, identity), data)
        self._rights(data, events)
        self.errors = self._errors()
        self.service = self._service(network)
        self._scaling()
        self.output("ServiceName", self.service.service_name, "The service")
        self.output("ServiceArn", self.service.service_arn, "The service's ARN")
        self.output("TaskDefinitionArn", self.task.task_definition_arn, "What runs")
        self.output("LogGroupName", self.log.log_group_name, "What it says")

    def _task(self, given: environment.Environment, data: DataStack) -> ecs.FargateTaskDefinition:
        tasks = self.settings.tasks
        task = definition(self, "Task", "shop", tasks.cpu, tasks.memory_mib)
        container = task.add_container(
            "shop",
            image=image(self, data.repository),
            entry_point=[PROGRAM],
            command=["serve"],
            user=USER,
            readonly_root_filesystem=True,
            linux_parameters=hardened(self, "Shop"),
            environment=given.plain,
            secrets=given.secrets,
            port_mappings=[ecs.PortMapping(container_port=SHOP_PORT)],
            health_check=ecs.HealthCheck(
                command=["CMD", PROGRAM, "healthcheck"],
                interval=cdk.Duration.seconds(30),
                timeout=cdk.Duration.seconds(5),
                retries=3,
                start_period=cdk.Duration.seconds(60),
            ),
            stop_timeout=cdk.Duration.seconds(STOP_S),
            logging=self._logging("shop"),
        )
        scratch(task, container)
        if self.settings.traces:
            collector(self, task, self.settings.traces, self._logging("collector"))
        self.acknowledge(
            task, "AwsSolutions-ECS2", "Addresses and choices of the company; what is secret is in Secrets Manager."
        )
        return task

    def _logging(self, prefix: str) -> ecs.LogDriver:
        """Rather a lost line than a request that waits for a log."""
        return ecs.LogDriver.aws_logs(
            stream_prefix=prefix,
            log_group=self.log,
            mode=ecs.AwsLogDriverMode.NON_BLOCKING,
            max_buffer_size=cdk.Size.mebibytes(LOG_BUFFER_MIB),
        )

    def _rights(self, data: DataStack, events: EventsStack) -> None:
        """What the program may do on AWS: its pictures, and events into its queue."""
        role = self.task.task_role
        role.add_to_principal_policy(
            iam.PolicyStatement(
                sid="Pictures",
                actions=["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
                resources=[data.pictures.arn_for_objects("products/*")],
            )
        )
        # The finding names the bucket by the export of the stack it is in.
        exported = f"{data.stack_name}:ExportsOutputFnGetAttPictures8CDD258BArn7B03F255"
        self.acknowledge(
            role,
            f"AwsSolutions-IAM5[Resource::{exported}/products/*]",
            "Every picture has a key of its own, which nobody knows before.",
        )
        # `/health` asks whether the bucket is there.
        role.add_to_principal_policy(
            iam.PolicyStatement(sid="Bucket", actions=["s3:ListBucket"], resources=[data.pictures.bucket_arn])
        )
        role.add_to_principal_policy(
            iam.PolicyStatement(sid="Events", actions=["sqs:SendMessage"], resources=[events.queue.queue_arn])
        )
        if data.key:
            role.add_to_principal_policy(
                iam.PolicyStatement(sid="Key", actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[data.key.key_arn])
            )
        starter(self, self.task, data.key)

    def _errors(self) -> cloudwatch.Alarm:
        """While a version arrives: answers of 5xx. It has a name of its own, for ECS looks for it by that."""
        metrics = self.compute.target_group.metrics
        return cloudwatch.Alarm(
            self,
            "DeploymentErrors",
            alarm_name=self.named("deployment-errors"),
            alarm_description="The new version answers with errors: ECS goes back to the one before.",
            metric=metrics.http_code_target(
                elb.HttpCodeTarget.TARGET_5XX_COUNT, period=cdk.Duration.minutes(1), statistic="Sum"
            ),
            threshold=self.settings.alarms.deployment_errors,
            evaluation_periods=3,
            datapoints_to_alarm=2,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _service(self, network: NetworkStack) -> ecs.FargateService:
        group = ec2.SecurityGroup.from_security_group_id(
            self, "TaskGroup", network.task_group.security_group_id, mutable=False
        )
        service = ecs.FargateService(
            self,
            "Service",
            service_name=self.named("shop"),
            cluster=self.compute.cluster,
            task_definition=self.task,
            platform_version=ecs.FargatePlatformVersion.LATEST,
            desired_count=self.settings.tasks.least,
            assign_public_ip=False,
            vpc_subnets=network.app_subnets,
            security_groups=[group],
            availability_zone_rebalancing=ecs.AvailabilityZoneRebalancing.ENABLED,
            # All of the old stay until the new are well; hence twice as many connections for a while.
            min_healthy_percent=100,
            max_healthy_percent=200,
            deployment_strategy=ecs.DeploymentStrategy.ROLLING,
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
            deployment_alarms=ecs.DeploymentAlarmConfig(
                alarm_names=[self.named("deployment-errors")], behavior=ecs.AlarmBehavior.ROLLBACK_ON_ALARM
            ),
            health_check_grace_period=cdk.Duration.seconds(60),
            enable_execute_command=False,
            enable_ecs_managed_tags=True,
            propagate_tags=ecs.PropagatedTagSource.SERVICE,
        )
        service.attach_to_application_target_group(self.compute.target_group)
        service.node.add_dependency(self.errors)
        return service

    def _scaling(self) -> None:
        tasks = self.settings.tasks
        scaling = self.service.auto_scale_task_count(min_capacity=tasks.least, max_capacity=tasks.most)
        pauses = {"scale_in_cooldown": cdk.Duration.minutes(5), "scale_out_cooldown": cdk.Duration.minutes(1)}
        scaling.scale_on_cpu_utilization("Cpu", target_utilization_percent=tasks.cpu_percent, **pauses)
        scaling.scale_on_memory_utilization("Memory", target_utilization_percent=tasks.memory_percent, **pauses)
        scaling.scale_on_request_count(
            "Requests",
            requests_per_target=tasks.requests_per_minute,
            target_group=self.compute.target_group,
            **pauses,
        )
