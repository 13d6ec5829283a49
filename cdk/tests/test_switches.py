"""What the two environments do not choose, each once: it synthesises, and does what it says."""

import json
from dataclasses import replace
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_sqs as sqs
from conftest import CDK, STACKS

from settings.dev import DEV
from settings.model import Federation, Settings, Traces
from settings.prod import PROD
from shop.app import environment
from shop.environment import UnknownVariable

CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000"
VERSION = "sha256:" + "0" * 64
COLLECTOR = f"public.ecr.aws/aws-observability/aws-otel-collector@{VERSION}"


def synthesised(settings: Settings, folder: Path) -> dict[str, dict]:
    """All rules apply here as well: what they find ends the synthesis."""
    context = json.loads((CDK / "cdk.json").read_text())["context"]
    app = cdk.App(outdir=str(folder), context={**context, "image": VERSION})
    environment(app, settings)
    app.synth()
    read = {stack: folder / f"awsomeshop-{settings.name}-{stack}.template.json" for stack in STACKS}
    return {stack: json.loads(path.read_text())["Resources"] for stack, path in read.items()}


def test_the_rules_speak(tmp_path: Path) -> None:
    """A queue in the clear and without dead letters, which nobody explained."""
    app = cdk.App(outdir=str(tmp_path), context=json.loads((CDK / "cdk.json").read_text())["context"])
    events = next(stack for stack in environment(app, DEV) if stack.stack_name.endswith("-events"))
    sqs.Queue(events, "Careless")
    with pytest.raises(RuntimeError, match="AwsSolutions-SQS3") as found:
        app.synth()
    assert "AwsSolutions-SQS4" in str(found.value)


def only(resources: dict, kind: str) -> dict:
    (found,) = [one["Properties"] for one in resources.values() if one["Type"] == kind]
    return found


@pytest.fixture(scope="module")
def larger_dev(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """dev with what it leaves out, but for the firewall."""
    return synthesised(
        replace(
            DEV,
            account="111111111111",
            database=replace(DEV.database, read_replica=True, audit_log=True, monitoring_s=60, backup_plan_days=7),
            network=replace(DEV.network, interface_endpoints=True),
            web=replace(DEV.web, hosted_zone_id=None, hosted_zone_name=None, certificate_arn=CERTIFICATE, waf=True),
            identity=replace(
                DEV.identity,
                mfa="optional",
                federation=Federation("saml", "Company", "https://id.example.com/metadata"),
            ),
            mail=PROD.mail,
            tasks=replace(DEV.tasks, memory_mib=1024),
            traces=Traces(image=COLLECTOR, share=0.05),
        ),
        tmp_path_factory.mktemp("larger"),
    )


@pytest.fixture(scope="module")
def other_prod(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """prod with the company's own identity provider, and without mail, firewall and a key of its own."""
    federation = Federation("oidc", "Company", "https://id.example.com", "shop", "company/oidc")
    return synthesised(
        replace(
            PROD,
            own_key=False,
            mail=None,
            web=replace(PROD.web, waf=False),
            identity=replace(PROD.identity, threat_protection=True, federation=federation),
            database=replace(PROD.database, read_replica=True),
        ),
        tmp_path_factory.mktemp("other"),
    )


def test_a_read_replica(larger_dev: dict, other_prod: dict) -> None:
    for environment_of in (larger_dev, other_prod):
        instances = [one["Properties"] for one in environment_of["data"].values() if one["Type"] == "AWS::RDS::DBInstance"]
        (copy,) = [one for one in instances if "SourceDBInstanceIdentifier" in one]
        # Encrypted as what it copies; to say so again is an error.
        assert copy["PubliclyAccessible"] is False and "StorageEncrypted" not in copy


def test_a_version_is_deployed_by_its_digest(larger_dev: dict) -> None:
    (task,) = [one["Properties"] for one in larger_dev["service"].values() if one["Type"] == "AWS::ECS::TaskDefinition"]
    assert task["ContainerDefinitions"][0]["Image"]["Fn::Join"][1][-1] == f"@{VERSION}"


def test_a_certificate_that_is_there_already(larger_dev: dict) -> None:
    kinds = {one["Type"] for one in larger_dev["compute"].values()}
    assert not kinds & {"AWS::Route53::RecordSet", "AWS::CertificateManager::Certificate"}
    listeners = [one["Properties"] for one in larger_dev["compute"].values() if one["Type"].endswith("::Listener")]
    (https,) = [one for one in listeners if one["Port"] == 443]
    assert https["Certificates"] == [{"CertificateArn": CERTIFICATE}]


def test_federation_by_saml(larger_dev: dict) -> None:
    provider = only(larger_dev["identity"], "AWS::Cognito::UserPoolIdentityProvider")
    assert (provider["ProviderType"], provider["ProviderDetails"]["MetadataURL"]) == (
        "SAML",
        "https://id.example.com/metadata",
    )
    client = only(larger_dev["identity"], "AWS::Cognito::UserPoolClient")
    assert client["SupportedIdentityProviders"] == ["Company"]
    assert "custom:employee_id" in client["WriteAttributes"]
    assert only(larger_dev["identity"], "AWS::Cognito::UserPool")["MfaConfiguration"] == "OPTIONAL"


def test_federation_by_oidc_and_threat_protection(other_prod: dict) -> None:
    provider = only(other_prod["identity"], "AWS::Cognito::UserPoolIdentityProvider")
    assert provider["ProviderType"] == "OIDC"
    assert "{{resolve:secretsmanager:" in str(provider["ProviderDetails"]["client_secret"])
    pool = only(other_prod["identity"], "AWS::Cognito::UserPool")
    assert (pool["UserPoolTier"], pool["UserPoolAddOns"]) == ("PLUS", {"AdvancedSecurityMode": "ENFORCED"})


def test_without_mail_nothing_of_it_is_there(other_prod: dict) -> None:
    assert {one["Type"] for one in other_prod["events"].values()} == {"AWS::SQS::Queue", "AWS::SQS::QueuePolicy"}
    task = only(other_prod["service"], "AWS::ECS::TaskDefinition")["ContainerDefinitions"][0]
    assert not {"SMTP_URL", "SHOP_MAIL_FROM"} & {one["Name"] for one in task["Environment"] + task["Secrets"]}


def test_mail_from_a_domain_whose_zone_is_elsewhere(larger_dev: dict) -> None:
    kinds = [one["Type"] for one in larger_dev["events"].values()]
    assert "AWS::SES::EmailIdentity" in kinds and "AWS::Route53::RecordSet" not in kinds


def test_a_variable_that_is_not_the_companys_to_choose(tmp_path: Path) -> None:
    with pytest.raises(UnknownVariable, match="SHOP_BIND cannot be chosen"):
        synthesised(replace(DEV, shop={"SHOP_BIND": "0.0.0.0:1"}), tmp_path)


def test_after_a_restore_the_migration_asks_as_the_new_administrator(tmp_path: Path) -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:rds!db-00000000-0000-0000-0000-000000000000-AbCdEf"
    resources = synthesised(
        replace(DEV, account="111111111111", database=replace(DEV.database, admin_secret=arn)), tmp_path
    )
    task = only(resources["compute"], "AWS::ECS::TaskDefinition")
    for container in (one for one in task["ContainerDefinitions"] if one["Name"] != "schema"):
        given = {secret["Name"]: secret["ValueFrom"] for secret in container["Secrets"]}
        assert given["ADMIN"] == f"{arn}:username::"
        assert given["MYSQL_PWD"] == f"{arn}:password::"
    assert "MasterUserSecret" not in json.dumps(resources["compute"])


def test_a_collector_stands_beside_the_program_and_may_tell_xray(larger_dev: dict[str, dict]) -> None:
    service = larger_dev["service"]
    shop, collector = only(service, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    told = {one["Name"]: one["Value"] for one in shop["Environment"]}
    assert told["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://127.0.0.1:4318"
    assert (told["OTEL_TRACES_SAMPLER"], told["OTEL_TRACES_SAMPLER_ARG"]) == ("traceidratio", "0.05")
    # The program goes on without it; at the end it is there until the last spans have come.
    assert (collector["Name"], collector["Essential"], collector["Image"]) == ("collector", False, COLLECTOR)
    assert shop["DependsOn"] == [{"Condition": "START", "ContainerName": "collector"}]
    assert "PortMappings" not in collector and collector["ReadonlyRootFilesystem"] and collector["User"] == "4317:4317"
    assert collector["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
    (given,) = collector["Environment"]
    steps = json.loads(given["Value"])
    assert given["Name"] == "AOT_CONFIG_CONTENT"
    assert steps["receivers"]["otlp"]["protocols"] == {"http": {"endpoint": "127.0.0.1:4318"}}
    assert steps["exporters"]["awsxray"]["region"] == "eu-west-1"
    policies = [one["Properties"] for one in service.values() if one["Type"] == "AWS::IAM::Policy"]
    statements = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
    (traces,) = [statement for statement in statements if statement.get("Sid") == "Traces"]
    assert traces["Action"] == ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]


def test_without_a_collector_nobody_is_told_traces(other_prod: dict[str, dict]) -> None:
    service = other_prod["service"]
    (shop,) = only(service, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    assert not any(one["Name"].startswith("OTEL_") for one in shop["Environment"]) and "DependsOn" not in shop
    assert "xray:" not in json.dumps(service)
