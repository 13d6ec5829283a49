"""What must not be lost: the database, the pictures, the secrets, the images of the program."""

import aws_cdk as cdk
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from settings.model import Settings
from shop.base import ShopStack
from shop.database import NAME, backup_plan, database, parameters, replica
from shop.network import DATABASE_PORT, NetworkStack

# Where the image holds the certificates of RDS's authorities.
DATABASE_CA = "/etc/ssl/rds/global-bundle.pem"
# Pictures are addressed by links that are signed for five minutes, in milliseconds.
OLDEST_SIGNATURE_MS = "300000"
# Who changes tables, and who works with their rows.
OWNER = "shop_owner"
WORKER = "shop"


class DataStack(ShopStack):
    def __init__(self, scope: Construct, settings: Settings, network: NetworkStack) -> None:
        super().__init__(scope, "data", settings, "AWSomeShop: database, pictures, secrets, images")
        self.key = network.key
        group = parameters(self)
        self.database = database(self, network, group)
        backup_plan(self, network, self.database)
        if settings.database.read_replica:
            copy = replica(self, network, self.database, group)
            self.output("ReplicaEndpoint", copy.db_instance_endpoint_address, "The read replica")
        self.logs = self._logs()
        self.pictures = self._pictures()
        self.owner_password, self.owner_url = self._database_user("Owner", OWNER)
        self.worker_password, self.worker_url = self._database_user("Worker", WORKER)
        self.code_key = self._set_by_hand("CodeKey", "code-key", "SHOP_CODE_KEY: openssl rand -base64 32")
        self.smtp_url = self._set_by_hand("SmtpUrl", "smtp-url", "SMTP_URL") if settings.mail else None
        self.repository = self._repository()
        self._outputs()

    def _logs(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Logs",
            # The load balancer writes to no bucket with a key of ours.
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="expire",
                    expiration=cdk.Duration.days(self.settings.access_log_days),
                    abort_incomplete_multipart_upload_after=cdk.Duration.days(1),
                )
            ],
            removal_policy=self.kept,
        )
        self.acknowledge(bucket, "AwsSolutions-S1", "It holds the logs of others; its own would fill it for ever.")
        return bucket

    def _pictures(self) -> s3.Bucket:
        protected = self.settings.protected
        old_versions = {"noncurrent_version_expiration": cdk.Duration.days(30)} if protected else {}
        bucket = s3.Bucket(
            self,
            "Pictures",
            encryption=s3.BucketEncryption.KMS if self.key else s3.BucketEncryption.S3_MANAGED,
            encryption_key=self.key,
            bucket_key_enabled=True if self.key else None,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            # A picture removed by mistake can be had back for a month.
            versioned=protected,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="tidy",
                    abort_incomplete_multipart_upload_after=cdk.Duration.days(1),
                    **old_versions,
                )
            ],
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix="pictures/",
            removal_policy=self.kept,
        )
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="NoOldLinks",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:GetObject"],
                resources=[bucket.arn_for_objects("*")],
                conditions={"NumericGreaterThan": {"s3:signatureAge": OLDEST_SIGNATURE_MS}},
            )
        )
        return bucket

    def _database_user(self, name: str, user: str) -> tuple[secretsmanager.Secret, secretsmanager.Secret]:
        """A password, and the address that the program is given with the password in it."""
        password = secretsmanager.Secret(
            self,
            f"{name}Password",
            secret_name=f"awsomeshop/{self.settings.name}/database/{user}/password",
            description=f"The password of {user} at the database",
            encryption_key=self.key,
            # Letters and digits stand in an address as they are.
            generate_secret_string=secretsmanager.SecretStringGenerator(exclude_punctuation=True, password_length=40),
            removal_policy=self.kept,
        )
        endpoint = self.database.db_instance_endpoint_address
        # CloudFormation puts the password in when it makes the secret; the template holds a reference to it.
        url = (
            f"mysql://{user}:{password.secret_value.unsafe_unwrap()}@{endpoint}:{DATABASE_PORT}/{NAME}"
            f"?ssl-mode=VERIFY_IDENTITY&ssl-ca={DATABASE_CA}"
        )
        address = secretsmanager.Secret(
            self,
            f"{name}Url",
            secret_name=f"awsomeshop/{self.settings.name}/database/{user}/url",
            description=f"DATABASE_URL of {user}",
            encryption_key=self.key,
            secret_string_value=cdk.SecretValue.unsafe_plain_text(url),
            removal_policy=self.kept,
        )
        reason = "A task reads it once, at its start: it is changed by the runbook, together with a deployment."
        for secret in (password, address):
            self.acknowledge(secret, "AwsSolutions-SMG4", reason)
        return password, address

    def _set_by_hand(self, name: str, path: str, description: str) -> secretsmanager.Secret:
        """A secret that nobody but an operator can know. Until it is set the program refuses to start, and says why."""
        secret = secretsmanager.Secret(
            self,
            name,
            secret_name=f"awsomeshop/{self.settings.name}/{path}",
            description=f"{description} (set by hand)",
            encryption_key=self.key,
            # Codes that are sealed with a lost key are lost.
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        self.acknowledge(secret, "AwsSolutions-SMG4", "What was sealed with the old value would be lost with it.")
        return secret

    def _repository(self) -> ecr.Repository:
        return ecr.Repository(
            self,
            "Images",
            repository_name=self.named("images"),
            image_scan_on_push=True,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
            encryption=ecr.RepositoryEncryption.KMS if self.key else ecr.RepositoryEncryption.AES_256,
            encryption_key=self.key,
            lifecycle_rules=[ecr.LifecycleRule(description="enough to go back to", max_image_count=30)],
            removal_policy=self.kept,
            empty_on_delete=not self.settings.protected,
        )

    def _outputs(self) -> None:
        self.output("DatabaseEndpoint", self.database.db_instance_endpoint_address, "The database")
        self.output("DatabaseArn", self.database.instance_arn, "The database's ARN")
        self.output("PicturesBucket", self.pictures.bucket_name, "S3_BUCKET")
        self.output("RepositoryUri", self.repository.repository_uri, "Where images are pushed to")
        self.output("CodeKeyArn", self.code_key.secret_arn, "To be set by hand before the first start")
        if self.smtp_url:
            self.output("SmtpUrlArn", self.smtp_url.secret_arn, "To be set by hand before the first start")
