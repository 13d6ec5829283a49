"""The database: RDS for MySQL, reached over TLS only, durable at every commit."""

import aws_cdk as cdk
from aws_cdk import aws_backup as backup
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_events as events
from aws_cdk import aws_rds as rds

from settings.model import Settings
from shop.base import ShopStack
from shop.network import DATABASE_PORT, NetworkStack

NAME = "shop"
ADMIN = "shop_admin"

# One line each says why. What the program relies on is what its tests ran on.
PARAMETERS = {
    # Nobody speaks to the books in the clear.
    "require_secure_transport": "1",
    # What was said to be committed is on disk, whatever happens next.
    "innodb_flush_log_at_trx_commit": "1",
    "sync_binlog": "1",
    # Every write is guarded in the statement itself; gaps need no locks.
    "transaction_isolation": "READ-COMMITTED",
    # A request has ten seconds. Better a retry than a queue.
    "innodb_lock_wait_timeout": "3",
    # A value that does not fit is an error and not another value.
    "sql_mode": "STRICT_TRANS_TABLES,ONLY_FULL_GROUP_BY,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION",
    "character_set_server": "utf8mb4",
    "time_zone": "UTC",
    "slow_query_log": "1",
    "long_query_time": "1",
    "log_output": "FILE",
}

# Twice what a task keeps prepared on a connection (`src/platform/db/patience.rs`). MySQL's own limit for all of them is
# 16,382, and whoever reaches it gets an error where a page should be.
STATEMENTS_OF_A_CONNECTION = 200


def engine_of(settings: Settings) -> rds.IInstanceEngine:
    full = settings.database.engine_version
    return rds.DatabaseInstanceEngine.mysql(version=rds.MysqlEngineVersion.of(full, ".".join(full.split(".")[:2])))


def _option_group(stack: ShopStack, engine: rds.IInstanceEngine) -> rds.OptionGroup | None:
    if not stack.settings.database.audit_log:
        return None
    # Statements are left out: they would hold what people order, and what they are called.
    audit = rds.OptionConfiguration(
        name="MARIADB_AUDIT_PLUGIN", settings={"SERVER_AUDIT_EVENTS": "CONNECT,QUERY_DDL,QUERY_DCL"}
    )
    return rds.OptionGroup(stack, "Options", engine=engine, configurations=[audit])


def parameters(stack: ShopStack) -> rds.ParameterGroup:
    chosen = stack.settings.database
    return rds.ParameterGroup(
        stack,
        "Parameters",
        engine=engine_of(stack.settings),
        description="AWSomeShop",
        parameters={
            **PARAMETERS,
            "max_connections": str(chosen.max_connections),
            "max_prepared_stmt_count": str(chosen.max_connections * STATEMENTS_OF_A_CONNECTION),
        },
    )


def database(stack: ShopStack, network: NetworkStack, group: rds.ParameterGroup) -> rds.DatabaseInstance:
    settings, chosen = stack.settings, stack.settings.database
    engine = engine_of(settings)
    identifier = stack.named("db")
    logs = ["error", "slowquery", *(["audit"] if chosen.audit_log else [])]
    # They are there before RDS writes to them, or RDS makes them itself and keeps them for ever.
    groups = [stack.log_group(f"Log{log.title()}", f"/aws/rds/instance/{identifier}/{log}", network.key) for log in logs]
    instance = rds.DatabaseInstance(
        stack,
        "Database",
        instance_identifier=identifier,
        engine=engine,
        # A major version is left on a day that we choose, before AWS charges for its support.
        engine_lifecycle_support=rds.EngineLifecycleSupport.OPEN_SOURCE_RDS_EXTENDED_SUPPORT_DISABLED,
        instance_type=ec2.InstanceType(chosen.instance_class),
        vpc=network.vpc,
        vpc_subnets=network.data_subnets,
        security_groups=[network.database_group],
        port=DATABASE_PORT,
        publicly_accessible=False,
        multi_az=chosen.multi_az,
        database_name=NAME,
        credentials=rds.Credentials.from_username(ADMIN),
        # RDS makes the administrator's password and changes it each week. The program never sees it.
        manage_master_user_password=True,
        ca_certificate=rds.CaCertificate.RDS_CA_RSA2048_G1,
        parameter_group=group,
        option_group=_option_group(stack, engine),
        allocated_storage=chosen.storage_gb,
        max_allocated_storage=chosen.most_storage_gb,
        storage_type=rds.StorageType.GP3,
        storage_encrypted=True,
        storage_encryption_key=network.key,
        backup_retention=cdk.Duration.days(chosen.backup_days),
        preferred_backup_window="02:00-03:00",
        preferred_maintenance_window="sun:03:30-sun:04:30",
        delete_automated_backups=not settings.protected,
        copy_tags_to_snapshot=True,
        auto_minor_version_upgrade=True,
        deletion_protection=settings.protected,
        removal_policy=cdk.RemovalPolicy.SNAPSHOT if settings.protected else cdk.RemovalPolicy.DESTROY,
        monitoring_interval=cdk.Duration.seconds(chosen.monitoring_s),
        cloudwatch_logs_exports=logs,
    )
    instance.node.add_dependency(*groups)
    _explain(stack, instance)
    return instance


def _explain(stack: ShopStack, instance: rds.DatabaseInstance) -> None:
    chosen = stack.settings.database
    stack.acknowledge(
        instance,
        "AwsSolutions-RDS11",
        "Another port hides nothing: only the tasks' security group reaches this one, over TLS.",
    )
    if chosen.monitoring_s:
        stack.acknowledge(
            instance.node.find_child("MonitoringRole"),
            "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]",
            "RDS's own policy, kept up by AWS; only its monitoring can take the role.",
        )
    if not chosen.multi_az:
        stack.acknowledge(instance, "AwsSolutions-RDS3", "dev: an hour without it costs less than a second instance.")
    if not stack.settings.protected:
        stack.acknowledge(instance, "AwsSolutions-RDS10", "dev: made to be thrown away.")


def replica(
    stack: ShopStack, network: NetworkStack, source: rds.DatabaseInstance, group: rds.ParameterGroup
) -> rds.DatabaseInstanceReadReplica:
    settings, chosen = stack.settings, stack.settings.database
    made = rds.DatabaseInstanceReadReplica(
        stack,
        "Replica",
        source_database_instance=source,
        instance_type=ec2.InstanceType(chosen.instance_class),
        vpc=network.vpc,
        vpc_subnets=network.data_subnets,
        security_groups=[network.database_group],
        port=DATABASE_PORT,
        publicly_accessible=False,
        parameter_group=group,
        storage_type=rds.StorageType.GP3,
        auto_minor_version_upgrade=True,
        copy_tags_to_snapshot=True,
        deletion_protection=settings.protected,
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )
    stack.acknowledge(made, "AwsSolutions-RDS2", "Encrypted as what it copies; to say so again is an error.")
    stack.acknowledge(made, "AwsSolutions-RDS3", "A replica is a copy; what it copies is in two zones by setting.")
    stack.acknowledge(made, "AwsSolutions-RDS11", "The same port as the instance it copies.")
    if not settings.protected:
        stack.acknowledge(made, "AwsSolutions-RDS10", "dev: made to be thrown away.")
    return made


def backup_plan(stack: ShopStack, network: NetworkStack, instance: rds.DatabaseInstance) -> None:
    """Backups that outlive the instance and whoever may delete it."""
    days = stack.settings.database.backup_plan_days
    if days is None:
        return
    vault = backup.BackupVault(
        stack,
        "Vault",
        backup_vault_name=stack.named("backups"),
        encryption_key=network.key,
        removal_policy=cdk.RemovalPolicy.RETAIN,
    )
    rule = backup.BackupPlanRule(
        rule_name="daily",
        backup_vault=vault,
        delete_after=cdk.Duration.days(days),
        schedule_expression=events.Schedule.cron(hour="4", minute="30"),
    )
    plan = backup.BackupPlan(stack, "Plan", backup_plan_name=stack.named("database"), backup_plan_rules=[rule])
    selection = plan.add_selection("Database", resources=[backup.BackupResource.from_rds_database_instance(instance)])
    stack.acknowledge(
        selection,
        "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup]",
        "AWS Backup's own policy, kept up by AWS; only that service can take the role.",
    )
