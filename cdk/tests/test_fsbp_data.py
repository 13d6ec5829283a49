"""Database, pictures, secrets, queues, keys: each test names the control of AWS's Foundational Best Practices."""

import re

from conftest import CDK, REPOSITORY, Templates

from settings.checks import connections_taken


def database(environment: Templates) -> dict:
    return environment.one("AWS::RDS::DBInstance")


def parameters(environment: Templates) -> dict[str, str]:
    return environment.one("AWS::RDS::DBParameterGroup")["Parameters"]


def test_rds_2_3_11_13_17(environment: Templates) -> None:
    chosen, instance = environment.settings.database, database(environment)
    assert instance["PubliclyAccessible"] is False
    assert instance["StorageEncrypted"] is True
    assert instance["BackupRetentionPeriod"] == chosen.backup_days >= 7
    assert instance["AutoMinorVersionUpgrade"] is True
    assert instance["CopyTagsToSnapshot"] is True


def test_rds_8_deletion_protection(prod: Templates, dev: Templates) -> None:
    assert database(prod)["DeletionProtection"] is True
    (resource,) = prod.resources("AWS::RDS::DBInstance")
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Snapshot"
    assert database(dev)["DeletionProtection"] is False


def test_rds_5_two_zones_in_prod(prod: Templates, dev: Templates) -> None:
    assert database(prod)["MultiAZ"] is True
    assert database(dev)["MultiAZ"] is False


def test_rds_6_enhanced_monitoring_in_prod(prod: Templates, dev: Templates) -> None:
    assert database(prod)["MonitoringInterval"] == 60
    assert database(dev)["MonitoringInterval"] == 0


def test_rds_9_logs_are_exported_and_not_kept_for_ever(environment: Templates) -> None:
    logs = database(environment)["EnableCloudwatchLogsExports"]
    assert {"error", "slowquery"} <= set(logs)
    kept = {group["LogGroupName"]: group["RetentionInDays"] for group in environment.all("AWS::Logs::LogGroup")}
    for log in logs:
        assert kept[f"/aws/rds/instance/{database(environment)['DBInstanceIdentifier']}/{log}"] == 30


def test_rds_9_audit_in_prod_without_what_people_order(prod: Templates) -> None:
    assert "audit" in database(prod)["EnableCloudwatchLogsExports"]
    (option,) = prod.one("AWS::RDS::OptionGroup")["OptionConfigurations"]
    assert option["OptionSettings"] == [{"Name": "SERVER_AUDIT_EVENTS", "Value": "CONNECT,QUERY_DDL,QUERY_DCL"}]


def test_rds_10_the_administrators_secret_is_rotated_by_rds(environment: Templates) -> None:
    assert database(environment)["ManageMasterUserPassword"] is True
    assert "MasterUserPassword" not in database(environment)


def test_rds_20_to_22_events_are_told(environment: Templates) -> None:
    told = {one["SourceType"]: set(one["EventCategories"]) for one in environment.all("AWS::RDS::EventSubscription")}
    assert {"maintenance", "configuration change", "failure"} <= told["db-instance"]
    assert told["db-parameter-group"] == {"configuration change"}


def test_rds_25_the_administrator_has_a_name_of_its_own(environment: Templates) -> None:
    assert database(environment)["MasterUsername"] not in {"admin", "root", "administrator"}


def test_rds_39_only_over_tls(environment: Templates) -> None:
    assert parameters(environment)["require_secure_transport"] == "1"
    for name in ("OwnerUrl", "WorkerUrl"):
        address = environment.named("data", name)["SecretString"]["Fn::Join"][1]
        assert address[-1].endswith("?ssl-mode=VERIFY_IDENTITY&ssl-ca=/etc/ssl/rds/global-bundle.pem")


def test_the_parameter_group(environment: Templates) -> None:
    given = parameters(environment)
    assert given["innodb_flush_log_at_trx_commit"] == given["sync_binlog"] == "1"
    assert given["transaction_isolation"] == "READ-COMMITTED"
    assert given["innodb_lock_wait_timeout"] == "3"
    assert "STRICT_TRANS_TABLES" in given["sql_mode"]
    assert int(given["max_connections"]) == environment.settings.database.max_connections
    # There are no triggers, so nobody needs to be trusted with them.
    assert "log_bin_trust_function_creators" not in given


def test_pool_times_tasks_times_two_fits(environment: Templates) -> None:
    tasks, chosen = environment.settings.tasks, environment.settings.database
    wanted = (tasks.pool_max + 1) * tasks.most * 2
    assert wanted <= chosen.max_connections <= connections_taken(chosen.instance_class)


def test_all_connections_can_keep_their_statements_prepared(environment: Templates) -> None:
    source = (REPOSITORY / "src/platform/db/patience.rs").read_text()
    kept = int(re.search(r"const STATEMENTS_KEPT: usize = (\d+);", source)[1])
    given = parameters(environment)
    # Twice: what one request prepares comes on top until its connection is tidied.
    assert int(given["max_prepared_stmt_count"]) >= 2 * kept * int(given["max_connections"])


def test_a_version_that_aws_supports_and_the_growth_of_the_disk(environment: Templates) -> None:
    instance = database(environment)
    assert re.match(r"8\.4\.\d+$", instance["EngineVersion"])
    assert instance["EngineLifecycleSupport"] == "open-source-rds-extended-support-disabled"
    assert int(instance["AllocatedStorage"]) == 20 < instance["MaxAllocatedStorage"]
    assert instance["MaxAllocatedStorage"] == environment.settings.database.most_storage_gb
    assert instance["DeleteAutomatedBackups"] is not environment.settings.protected
    assert instance["DBInstanceClass"] in {"db.t3.micro", "db.t3.small", "db.t3.medium"}


def test_rds_26_and_backup_1_a_backup_plan_in_prod(prod: Templates) -> None:
    (rule,) = prod.one("AWS::Backup::BackupPlan")["BackupPlan"]["BackupPlanRule"]
    assert rule["Lifecycle"]["DeleteAfterDays"] == 35
    assert prod.one("AWS::Backup::BackupVault")["EncryptionKeyArn"]
    assert prod.one("AWS::Backup::BackupSelection")


def denials(environment: Templates, bucket: str) -> list[dict]:
    policies = environment.all("AWS::S3::BucketPolicy")
    (policy,) = [one for one in policies if one["Bucket"]["Ref"].startswith(bucket)]
    return [one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Deny"]


def test_s3_1_8_2_3_nothing_is_public(environment: Templates) -> None:
    for bucket in environment.all("AWS::S3::Bucket"):
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4


def test_s3_12_no_acls(environment: Templates) -> None:
    for bucket in environment.all("AWS::S3::Bucket"):
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_s3_5_only_over_tls(environment: Templates) -> None:
    for bucket in ("Pictures", "Logs"):
        conditions = [one["Condition"] for one in denials(environment, bucket)]
        assert {"Bool": {"aws:SecureTransport": "false"}} in conditions
        assert {"NumericLessThan": {"s3:TlsVersion": 1.2}} in conditions


def test_links_to_pictures_grow_old(environment: Templates) -> None:
    (old,) = [one for one in denials(environment, "Pictures") if one.get("Sid") == "NoOldLinks"]
    assert old["Condition"] == {"NumericGreaterThan": {"s3:signatureAge": "300000"}}
    assert old["Action"] == "s3:GetObject"


def test_s3_9_access_logs(environment: Templates) -> None:
    logging = environment.bucket("Pictures")["LoggingConfiguration"]
    assert logging["DestinationBucketName"]["Ref"].startswith("Logs")


def test_s3_13_lifecycle_and_s3_14_versions(prod: Templates, dev: Templates) -> None:
    (rule,) = prod.bucket("Pictures")["LifecycleConfiguration"]["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert prod.bucket("Pictures")["VersioningConfiguration"] == {"Status": "Enabled"}
    assert "VersioningConfiguration" not in dev.bucket("Pictures")
    for environment in (prod, dev):
        assert (
            environment.bucket("Logs")["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"]
            == environment.settings.access_log_days
        )


def test_s3_17_our_key_in_prod_and_encryption_everywhere(prod: Templates, dev: Templates) -> None:
    def algorithm(environment: Templates) -> str:
        (rule,) = environment.bucket("Pictures")["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        return rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"]

    assert (algorithm(prod), algorithm(dev)) == ("aws:kms", "AES256")


def test_rds_23_secretsmanager_1_and_4_are_waived_in_writing(environment: Templates) -> None:
    """Another port hides nothing; what the program reads once, at its start, changes with a deployment."""
    assert database(environment)["Port"] == "3306"
    assert environment.all("AWS::SecretsManager::RotationSchedule") == []
    source = "".join((CDK / "shop" / file).read_text() for file in ("database.py", "data.py", "identity.py"))
    assert source.count('"AwsSolutions-RDS11"') == 2 and source.count('"AwsSolutions-SMG4"') == 3


def test_secretsmanager_no_value_of_a_secret_is_in_a_template(environment: Templates) -> None:
    for secret in environment.all("AWS::SecretsManager::Secret"):
        if "SecretString" in secret:
            said = str(secret["SecretString"])
            assert "{{resolve:secretsmanager:" in said or "ClientSecret" in said
        else:
            assert "GenerateSecretString" in secret


def test_a_password_stands_in_an_address_as_it_is(environment: Templates) -> None:
    for name in ("OwnerPassword", "WorkerPassword"):
        made = environment.named("data", name)["GenerateSecretString"]
        assert made == {"ExcludePunctuation": True, "PasswordLength": 40}


def test_what_cannot_be_made_again_is_kept(environment: Templates) -> None:
    secrets = environment.resources("AWS::SecretsManager::Secret")
    (key,) = [one for one in secrets if one["Properties"]["Name"].endswith("/code-key")]
    assert key["DeletionPolicy"] == "Retain"


def test_sqs_1_encrypted_tls_only_with_dead_letters(environment: Templates) -> None:
    queues = {queue["QueueName"].rsplit("-", 1)[-1]: queue for queue in environment.all("AWS::SQS::Queue")}
    assert set(queues) == {"events", "dead"}
    for queue in queues.values():
        assert queue.get("SqsManagedSseEnabled") or queue.get("KmsMasterKeyId")
    assert queues["events"]["RedrivePolicy"]["maxReceiveCount"] == 5
    policies = environment.all("AWS::SQS::QueuePolicy")
    assert len(policies) == 2
    for policy in policies:
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_kms_3_and_4_the_key_is_kept_and_changes_by_itself(prod: Templates, dev: Templates) -> None:
    (key,) = prod.resources("AWS::KMS::Key")
    assert key["Properties"]["EnableKeyRotation"] is True
    assert key["DeletionPolicy"] == "Retain"
    assert dev.all("AWS::KMS::Key") == []


def test_log_groups_have_an_end_and_in_prod_our_key(prod: Templates, dev: Templates) -> None:
    for environment in (prod, dev):
        assert all(group["RetentionInDays"] == 30 for group in environment.all("AWS::Logs::LogGroup"))
    without = [group["LogGroupName"] for group in prod.all("AWS::Logs::LogGroup") if "KmsKeyId" not in group]
    # What the firewall saw: addresses and paths, encrypted with AWS's key.
    assert without == ["aws-waf-logs-awsomeshop-prod-firewall"]


def test_what_holds_something_is_protected_in_prod(prod: Templates) -> None:
    kept = ("AWS::S3::Bucket", "AWS::SecretsManager::Secret", "AWS::Cognito::UserPool", "AWS::ECR::Repository")
    for kind in kept:
        assert all(resource["DeletionPolicy"] == "Retain" for resource in prod.resources(kind)), kind
