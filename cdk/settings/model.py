"""What can be chosen for an environment: types only, the numbers stand in `dev.py` and `prod.py`."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Network:
    cidr: str
    # An ALB and a subnet group of RDS want two; more are not needed.
    zones: tuple[str, str]
    nat_gateways: int
    # ECR, CloudWatch Logs and Secrets Manager without the NAT gateway. Each costs by the hour in each zone.
    interface_endpoints: bool


@dataclass(frozen=True)
class Database:
    engine_version: str
    # t3.micro, t3.small, …: `checks.py` knows the memory of those that are allowed.
    instance_class: str
    storage_gb: int
    most_storage_gb: int
    # What the parameter group sets; `checks.py` holds it against the memory and against all pools.
    max_connections: int
    backup_days: int
    multi_az: bool
    # The program reads from one address only: a replica serves reports and exports of others.
    read_replica: bool
    # A second set of backups, in AWS Backup, kept apart from the instance.
    backup_plan_days: int | None
    # Seconds between samples of the operating system; 0 is off.
    monitoring_s: int
    # Who connected and who changed tables or rights, in CloudWatch Logs.
    audit_log: bool
    # Only after a restore: the ARN of the administrator's secret that RDS made for the restored instance. The stack `data`
    # goes on naming that of the instance it made.
    admin_secret: str | None = None


@dataclass(frozen=True)
class Tasks:
    cpu: int
    memory_mib: int
    least: int
    most: int
    # Connections to the database, of each task.
    pool_min: int
    pool_max: int
    # Where scaling begins.
    cpu_percent: int
    memory_percent: int
    requests_per_minute: int


@dataclass(frozen=True)
class Web:
    domain: str
    # With the zone the certificate and the record of the domain are made here; without it the certificate is one that is
    # there already, and the record is made elsewhere.
    hosted_zone_id: str | None
    hosted_zone_name: str | None
    certificate_arn: str | None
    waf: bool
    # Requests of one address in five minutes. A whole office may come from one address.
    waf_rate: int


@dataclass(frozen=True)
class Federation:
    """The company's own identity provider behind Cognito."""

    kind: Literal["saml", "oidc"]
    name: str
    # SAML: the address of its metadata. OIDC: its issuer.
    address: str
    # OIDC only: our name there, and the secret in Secrets Manager that holds what proves it.
    client_id: str | None = None
    client_secret_name: str | None = None


@dataclass(frozen=True)
class Identity:
    # {prefix}.auth.{region}.amazoncognito.com; taken by the first who asks, in the whole region.
    domain_prefix: str
    mfa: Literal["off", "optional", "required"]
    # Risky sign-ins are stopped. Needs the Plus plan of Cognito, which costs by person and month.
    threat_protection: bool
    session_hours: int
    federation: Federation | None = None


@dataclass(frozen=True)
class Mail:
    # The domain that SES proves to be ours, and in whose name mail is sent.
    domain: str
    sender: str


@dataclass(frozen=True)
class Traces:
    """A collector beside the program that hands traces to X-Ray (docs/traces.md)."""

    # The AWS Distro for OpenTelemetry (public.ecr.aws/aws-observability/aws-otel-collector@sha256:…), by its digest.
    image: str
    # Of all requests, from 0 to 1. X-Ray costs by the trace.
    share: float


@dataclass(frozen=True)
class Alarms:
    # Who is told; the subscription is confirmed by a click.
    email: str | None
    # Of all answers in five minutes.
    errors_5xx_percent: float
    p95_s: float
    # Of the oldest news. A letter that is refused is given up after eleven minutes and tells of itself then.
    outbox_age_s: int
    # Of the connections that the database takes.
    pool_percent: int
    free_storage_gb: int
    # Answers of 5xx in a minute, in two minutes of three, that send a new version back.
    deployment_errors: int
    # Fewer requests than this in five minutes make no rate of errors.
    fewest_requests: int
    # Of the processor or the memory of tasks, and of the database's processor, for a quarter of an hour.
    busy_percent: int
    # In five minutes: somebody tries passwords, or nobody can sign in.
    sign_ins_failed: int
    # Of those who went to the provider in a quarter of an hour, if they were so many: fewer came back.
    # Robots that follow every link go there too, and never come back.
    signed_in_percent: int
    fewest_sign_ins: int
    # In five minutes: somebody tries desks that are not theirs.
    desk_denied: int
    # Of all letters; at 10 SES stops sending.
    bounces_percent: float


@dataclass(frozen=True)
class Settings:
    name: str
    region: str
    # The account it may be deployed to; None is that of whoever deploys.
    account: str | None
    # Whether the load balancer, the database and the user pool can be deleted, and whether what they held is kept.
    protected: bool
    # A key of our own for what is stored, for about a dollar a month. Without it AWS's keys encrypt all the same.
    own_key: bool
    log_days: int
    # Of who asked the load balancer for what, and the store for which picture.
    access_log_days: int
    network: Network
    database: Database
    tasks: Tasks
    web: Web
    identity: Identity
    mail: Mail | None
    alarms: Alarms
    # What the company decides about the shop, by the names of `.env.example`. What is not here keeps its default.
    shop: dict[str, str] = field(default_factory=dict)
    # Off in both environments: it wants an image that somebody has chosen and keeps up to date.
    traces: Traces | None = None
