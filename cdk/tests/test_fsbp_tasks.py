"""The tasks and their images: each test names the control of AWS's Foundational Best Practices."""

from conftest import Templates, statements


def containers(environment: Templates) -> list[dict]:
    return [one for task in environment.all("AWS::ECS::TaskDefinition") for one in task["ContainerDefinitions"]]


def test_ecs_1_and_4_nobody_is_root_nor_privileged(environment: Templates) -> None:
    for container in containers(environment):
        user = int(container["User"].split(":")[0])
        assert user >= 100 and not container.get("Privileged")
        assert container["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}


def test_ecs_1_and_3_a_network_and_processes_of_their_own(environment: Templates) -> None:
    for task in environment.all("AWS::ECS::TaskDefinition"):
        assert task["NetworkMode"] == "awsvpc" and "PidMode" not in task


def test_ecs_2_no_public_address_private_subnets(environment: Templates) -> None:
    where = environment.one("AWS::ECS::Service")["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert where["AssignPublicIp"] == "DISABLED"
    # Nobody gets a shell in a task.
    assert environment.one("AWS::ECS::Service")["EnableExecuteCommand"] is False
    assert all("Vpcapp" in subnet["Fn::ImportValue"] for subnet in where["Subnets"])


def test_ecs_5_the_disk_is_read_only_but_for_scratch(environment: Templates) -> None:
    assert all(container["ReadonlyRootFilesystem"] for container in containers(environment))
    (mount,) = environment.shop()["MountPoints"]
    assert (mount["ContainerPath"], mount["ReadOnly"]) == ("/tmp", False)
    assert environment.task("shop")["Volumes"] == [{"Name": mount["SourceVolume"]}]


def test_ecs_8_secrets_come_from_secrets_manager_only(environment: Templates) -> None:
    secret = {"DATABASE_URL", "OIDC_CLIENT_SECRET", "SHOP_CODE_KEY", "SMTP_URL", "ADMIN", "MYSQL_PWD"}
    for container in containers(environment):
        plain = {one["Name"] for one in container.get("Environment", [])}
        assert not plain & secret
        assert not any("PASSWORD" in name for name in plain)


def test_ecs_9_logs(environment: Templates) -> None:
    assert all(container["LogConfiguration"]["LogDriver"] == "awslogs" for container in containers(environment))
    assert environment.shop()["LogConfiguration"]["Options"]["mode"] == "non-blocking"


def test_ecs_10_the_latest_platform(environment: Templates) -> None:
    assert environment.one("AWS::ECS::Service")["PlatformVersion"] == "LATEST"


def test_ecs_12_container_insights(environment: Templates) -> None:
    settings = environment.one("AWS::ECS::Cluster")["ClusterSettings"]
    assert {"Name": "containerInsights", "Value": "enabled"} in settings


def test_a_bad_version_rolls_itself_back(environment: Templates) -> None:
    rolling = environment.one("AWS::ECS::Service")["DeploymentConfiguration"]
    assert rolling["Strategy"] == "ROLLING"
    assert rolling["DeploymentCircuitBreaker"] == {"Enable": True, "Rollback": True}
    assert rolling["Alarms"]["Enable"] and rolling["Alarms"]["Rollback"]
    assert (rolling["MinimumHealthyPercent"], rolling["MaximumPercent"]) == (100, 200)
    named = {alarm["AlarmName"] for alarm in environment.all("AWS::CloudWatch::Alarm")}
    assert set(rolling["Alarms"]["AlarmNames"]) <= named


def test_a_task_has_time_to_leave_and_is_asked_how_it_is(environment: Templates) -> None:
    shop = environment.shop()
    assert shop["StopTimeout"] == 60
    assert shop["HealthCheck"]["Command"] == ["CMD", "/usr/local/bin/awsomeshop", "healthcheck"]
    assert (shop["EntryPoint"], shop["Command"]) == (["/usr/local/bin/awsomeshop"], ["serve"])


def test_two_to_ten_tasks_by_three_measures(environment: Templates) -> None:
    tasks = environment.settings.tasks
    target = environment.one("AWS::ApplicationAutoScaling::ScalableTarget")
    assert (target["MinCapacity"], target["MaxCapacity"]) == (tasks.least, tasks.most)
    assert tasks.least >= 2 and tasks.most <= 10
    assert environment.one("AWS::ECS::Service")["DesiredCount"] == tasks.least
    policies = [
        policy["TargetTrackingScalingPolicyConfiguration"]
        for policy in environment.all("AWS::ApplicationAutoScaling::ScalingPolicy")
    ]
    assert {one["PredefinedMetricSpecification"]["PredefinedMetricType"]: one["TargetValue"] for one in policies} == {
        "ECSServiceAverageCPUUtilization": tasks.cpu_percent,
        "ECSServiceAverageMemoryUtilization": tasks.memory_percent,
        "ALBRequestCountPerTarget": tasks.requests_per_minute,
    }
    # Quickly up, slowly down.
    assert all((one["ScaleOutCooldown"], one["ScaleInCooldown"]) == (60, 300) for one in policies)


def test_the_size_of_a_task(environment: Templates) -> None:
    task = environment.task("shop")
    assert (int(task["Cpu"]), int(task["Memory"])) in {(256, 512), (256, 1024), (512, 1024)}


def test_migration_runs_users_schema_rights_in_this_order(environment: Templates) -> None:
    users, schema, rights = environment.task("migration")["ContainerDefinitions"]
    assert [one["Name"] for one in (users, schema, rights)] == ["users", "schema", "rights"]
    assert schema["DependsOn"] == [{"Condition": "SUCCESS", "ContainerName": "users"}]
    assert rights["DependsOn"] == [{"Condition": "SUCCESS", "ContainerName": "schema"}]
    # ECS waits for the success of containers that may end only.
    assert [one["Essential"] for one in (users, schema, rights)] == [False, False, True]
    assert (schema["EntryPoint"], schema["Command"]) == (environment.shop()["EntryPoint"], ["migrate"])
    assert schema["Image"] == environment.shop()["Image"]
    # Only the owner of the schema, and only `DATABASE_URL`: it is all that `migrate` reads.
    assert [one["Name"] for one in schema["Secrets"]] == ["DATABASE_URL"]


def test_ecr_1_to_3_scanned_immutable_and_not_for_ever(environment: Templates) -> None:
    images = environment.one("AWS::ECR::Repository")
    assert images["ImageScanningConfiguration"] == {"ScanOnPush": True}
    assert images["ImageTagMutability"] == "IMMUTABLE"
    assert images["LifecyclePolicy"]


def test_iam_1_and_21_no_action_is_a_star(environment: Templates) -> None:
    for statement in statements(environment):
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        assert not any(action == "*" or action.endswith(":*") for action in actions), statement


def test_the_task_may_do_little_and_its_starter_something_else(environment: Templates) -> None:
    task = environment.task("shop")
    assert task["TaskRoleArn"] != task["ExecutionRoleArn"]
    service = environment.stacks["service"]["Resources"].values()
    (own,) = [
        one["Properties"]["PolicyDocument"]["Statement"]
        for one in service
        if one["Type"] == "AWS::IAM::Policy" and "TaskRole" in one["Properties"]["PolicyName"]
    ]
    by_name = {statement["Sid"]: statement for statement in own}
    assert set(by_name) - {"Key"} == {"Pictures", "Bucket", "Events"}
    assert by_name["Pictures"]["Action"] == ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
    # The prefix that `catalog/pictures/store.rs` gives its keys.
    assert by_name["Pictures"]["Resource"]["Fn::Join"][1][1] == "/products/*"
    assert by_name["Events"]["Action"] == "sqs:SendMessage"


def test_mail_is_sent_from_one_identity_by_a_user_of_a_group(prod: Templates) -> None:
    (group,) = [one for one in prod.all("AWS::IAM::Policy") if one.get("Groups")]
    (statement,) = group["PolicyDocument"]["Statement"]
    assert statement["Action"] == "ses:SendRawEmail"
    assert "*" not in str(statement["Resource"])
    assert "Policies" not in prod.one("AWS::IAM::User")


def test_mail_is_signed_and_goes_over_tls(prod: Templates) -> None:
    assert prod.one("AWS::SES::ConfigurationSet")["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}
    records = [one for one in prod.stacks["events"]["Resources"].values() if one["Type"] == "AWS::Route53::RecordSet"]
    assert [one["Properties"]["Type"] for one in records] == ["CNAME"] * 3
    assert prod.one("AWS::SES::ConfigurationSet")["ReputationOptions"] == {"ReputationMetricsEnabled": True}
