"""How a container of the shop is run, be it the service or the migration: as nobody, on a disk that cannot be written."""

from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from shop.base import ShopStack

# What the image promises; the Dockerfile keeps it.
PROGRAM = "/usr/local/bin/awsomeshop"
USER = "10001:10001"
SCRATCH = "scratch"


def definition(stack: ShopStack, name: str, family: str, cpu: int, memory_mib: int) -> ecs.FargateTaskDefinition:
    return ecs.FargateTaskDefinition(
        stack,
        name,
        family=stack.named(family),
        cpu=cpu,
        memory_limit_mib=memory_mib,
        runtime_platform=ecs.RuntimePlatform(
            cpu_architecture=ecs.CpuArchitecture.X86_64, operating_system_family=ecs.OperatingSystemFamily.LINUX
        ),
    )


def image(stack: ShopStack, repository: ecr.IRepository) -> ecs.ContainerImage:
    """The version to run: `-c image=sha256:…`, or a tag, which never changes in our repository."""
    version = stack.node.try_get_context("image") or "not-chosen"
    return ecs.ContainerImage.from_ecr_repository(repository, version)


def hardened(stack: ShopStack, name: str) -> ecs.LinuxParameters:
    parameters = ecs.LinuxParameters(stack, f"{name}Linux")
    parameters.drop_capabilities(ecs.Capability.ALL)
    return parameters


def scratch(task: ecs.FargateTaskDefinition, container: ecs.ContainerDefinition) -> None:
    """The one place on the disk that can be written; the image makes it USER's own."""
    task.add_volume(name=SCRATCH)
    container.add_mount_points(ecs.MountPoint(container_path="/tmp", source_volume=SCRATCH, read_only=False))


def secret(stack: ShopStack, name: str, held: secretsmanager.ISecret, field: str | None = None) -> ecs.Secret:
    """A secret of another stack by its ARN. Handed over as it is, the key's stack would have to know who reads it."""
    known = secretsmanager.Secret.from_secret_complete_arn(stack, f"Secret{name}", held.secret_arn)
    return ecs.Secret.from_secrets_manager(known, field)


def starter(stack: ShopStack, task: ecs.FargateTaskDefinition, key: kms.IKey | None) -> None:
    """What ECS may do to start the task: pull the image, read the secrets, write to the log."""
    role = task.obtain_execution_role()
    if key:
        role.add_to_principal_policy(
            iam.PolicyStatement(
                sid="SecretsKey",
                actions=["kms:Decrypt"],
                resources=[key.key_arn],
                conditions={"StringEquals": {"kms:ViaService": f"secretsmanager.{stack.region}.amazonaws.com"}},
            )
        )
    stack.acknowledge(role, "AwsSolutions-IAM5[Resource::*]", "ecr:GetAuthorizationToken knows no resources.")
