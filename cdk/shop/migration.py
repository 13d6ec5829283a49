"""The task that runs once before each deployment: users of the database, then the schema, then their rights.

`migrate.sh` starts it and waits. It is no custom resource: a function may run for fifteen minutes, a migration of a large
table for hours, and whoever deploys wants to read what it said. Should it be forgotten, nothing breaks: the new version
refuses a schema that lacks its steps, its tasks never become healthy, and ECS goes back to the version before.
"""

from pathlib import Path

from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_secretsmanager as secretsmanager

from shop.base import ShopStack
from shop.data import OWNER, WORKER, DataStack
from shop.database import NAME
from shop.network import DATABASE_PORT, NetworkStack
from shop.task import PROGRAM, USER, definition, hardened, image, secret, starter

# A client of MySQL with a shell; nothing of the shop is in it.
CLIENT_IMAGE = "public.ecr.aws/docker/library/mysql:8.4"
# The user that the image has for it.
CLIENT_USER = "999:999"
CERTIFICATES = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
# Never updated nor deleted by the program, so it has no right to. `tests/it/architecture/books.rs` holds the source to it.
APPEND_ONLY = ("transfers", "draws", "refund_parts", "stock_moves", "order_events", "audit_events")
SQL = Path(__file__).parent / "sql"


def migration(stack: ShopStack, network: NetworkStack, data: DataStack) -> ecs.FargateTaskDefinition:
    task = definition(stack, "Migration", "migration", cpu=256, memory_mib=512)
    group = stack.log_group("MigrationLog", f"/awsomeshop/{stack.settings.name}/migration", network.key)

    def logging(prefix: str) -> ecs.LogDriver:
        return ecs.LogDriver.aws_logs(stream_prefix=prefix, log_group=group)

    users = _client(stack, task, data, "users", logging("users"))
    schema = task.add_container(
        "schema",
        image=image(stack, data.repository),
        entry_point=[PROGRAM],
        command=["migrate"],
        user=USER,
        essential=False,
        readonly_root_filesystem=True,
        linux_parameters=hardened(stack, "Schema"),
        secrets={"DATABASE_URL": secret(stack, "OwnerUrl", data.owner_url)},
        logging=logging("schema"),
    )
    rights = _client(stack, task, data, "rights", logging("rights"))
    # Each begins when the one before it has ended well; when one has not, the rest does not begin and the task ends.
    schema.add_container_dependencies(_after(users))
    rights.add_container_dependencies(_after(schema))
    starter(stack, task, network.key)
    reason = "Names, ports and addresses; every password is a secret of Secrets Manager."
    stack.acknowledge(task, "AwsSolutions-ECS2", reason)
    return task


def _admin(stack: ShopStack, data: DataStack) -> secretsmanager.ISecret:
    restored = stack.settings.database.admin_secret
    if restored is None:
        return data.database.secret
    # Both clients name the same one.
    known = stack.node.try_find_child("RestoredAdmin")
    return known or secretsmanager.Secret.from_secret_complete_arn(stack, "RestoredAdmin", restored)


def _after(container: ecs.ContainerDefinition) -> ecs.ContainerDependency:
    return ecs.ContainerDependency(container=container, condition=ecs.ContainerDependencyCondition.SUCCESS)


def _client(
    stack: ShopStack, task: ecs.FargateTaskDefinition, data: DataStack, name: str, logging: ecs.LogDriver
) -> ecs.ContainerDefinition:
    called = name.title()
    admin = _admin(stack, data)
    script = "\n".join((SQL / part).read_text() for part in ("connect.sh", f"{name}.sh"))
    return task.add_container(
        name,
        image=ecs.ContainerImage.from_registry(CLIENT_IMAGE),
        entry_point=["/bin/sh", "-euc"],
        command=[script],
        user=CLIENT_USER,
        # The last one is what the task is there for.
        essential=name == "rights",
        readonly_root_filesystem=True,
        linux_parameters=hardened(stack, called),
        environment={
            "HOST": data.database.db_instance_endpoint_address,
            "PORT": str(DATABASE_PORT),
            "DATABASE": NAME,
            "CERTIFICATES": CERTIFICATES,
            "OWNER": OWNER,
            "WORKER": WORKER,
            "APPEND_ONLY": " ".join(APPEND_ONLY),
        },
        secrets={
            "ADMIN": secret(stack, f"{called}Admin", admin, "username"),
            "MYSQL_PWD": secret(stack, f"{called}AdminPassword", admin, "password"),
            "OWNER_PASSWORD": secret(stack, f"{called}OwnerPassword", data.owner_password),
            "WORKER_PASSWORD": secret(stack, f"{called}WorkerPassword", data.worker_password),
        },
        logging=logging,
    )
