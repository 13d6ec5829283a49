"""What all stacks share: their names, how long logs are kept, what happens to what they held."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from settings.model import Settings


class ShopStack(cdk.Stack):
    """A stack of one environment."""

    def __init__(self, scope: Construct, part: str, settings: Settings, description: str) -> None:
        super().__init__(
            scope,
            f"awsomeshop-{settings.name}-{part}",
            description=description,
            env=cdk.Environment(account=settings.account, region=settings.region),
            termination_protection=settings.protected,
            tags={"application": "awsomeshop", "environment": settings.name},
        )
        self.settings = settings

    @property
    def kept(self) -> cdk.RemovalPolicy:
        """What happens to things that hold something when their stack is deleted."""
        return cdk.RemovalPolicy.RETAIN if self.settings.protected else cdk.RemovalPolicy.DESTROY

    def named(self, part: str) -> str:
        return f"awsomeshop-{self.settings.name}-{part}"

    def log_group(self, name: str, path: str, key: kms.IKey | None) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            name,
            log_group_name=path,
            retention=RETENTION[self.settings.log_days],
            encryption_key=key,
            removal_policy=self.kept,
        )

    def output(self, name: str, value: str, description: str) -> None:
        cdk.CfnOutput(self, name, value=value, description=description)

    def acknowledge(self, construct: Construct, rule: str, reason: str) -> None:
        """Says why a rule of AwsSolutions is not followed here; there is no blanket."""
        cdk.Validations.of(construct).acknowledge(cdk.Acknowledgment(id=rule, reason=reason))


RETENTION = {
    7: logs.RetentionDays.ONE_WEEK,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


def own_key(stack: ShopStack) -> kms.Key | None:
    """The environment's own key, when it wants one. AWS's services use it for what they store for us."""
    if not stack.settings.own_key:
        return None
    key = kms.Key(
        stack,
        "Key",
        alias=f"awsomeshop-{stack.settings.name}",
        description="Encrypts what the shop stores",
        enable_key_rotation=True,
        removal_policy=cdk.RemovalPolicy.RETAIN,
    )
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
            actions=["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
            resources=["*"],
            conditions={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": stack.format_arn(service="logs", resource="*"),
                }
            },
        )
    )
    # Alarms and the events of RDS write to an encrypted topic.
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[
                iam.ServicePrincipal("cloudwatch.amazonaws.com"),
                iam.ServicePrincipal("events.rds.amazonaws.com"),
            ],
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=["*"],
            conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
        )
    )
    return key
