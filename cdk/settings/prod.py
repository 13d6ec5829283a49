"""The environment that people rely on: nothing in it fails because one zone does."""

from settings.model import Alarms, Database, Identity, Mail, Network, Settings, Tasks, Web

PROD = Settings(
    name="prod",
    region="eu-west-1",
    account=None,
    protected=True,
    own_key=True,
    log_days=30,
    network=Network(
        cidr="10.0.0.0/16",
        zones=("eu-west-1a", "eu-west-1b"),
        nat_gateways=2,
        interface_endpoints=True,
    ),
    database=Database(
        engine_version="8.4.10",
        instance_class="t3.medium",
        storage_gb=20,
        most_storage_gb=200,
        max_connections=340,
        backup_days=7,
        multi_az=True,
        read_replica=False,
        backup_plan_days=35,
        monitoring_s=60,
        audit_log=True,
    ),
    tasks=Tasks(
        cpu=512,
        memory_mib=1024,
        least=2,
        most=10,
        pool_min=5,
        pool_max=14,
        cpu_percent=60,
        memory_percent=75,
        requests_per_minute=3_000,
    ),
    web=Web(
        domain="shop.example.com",
        hosted_zone_id="Z0000000000EXAMPLE",
        hosted_zone_name="example.com",
        certificate_arn=None,
        waf=True,
        waf_rate=20_000,
    ),
    identity=Identity(
        domain_prefix="awsomeshop-prod-example",
        # Cognito cannot want a second factor of some groups only, so that of the desks is wanted of everybody.
        mfa="required",
        threat_protection=False,
        session_hours=8,
    ),
    mail=Mail(domain="example.com", sender="AWSomeShop <shop@example.com>"),
    alarms=Alarms(
        email="operations@example.com",
        errors_5xx_percent=1,
        p95_s=0.5,
        outbox_waits=5,
        pool_percent=80,
        free_storage_gb=5,
    ),
    shop={
        "SHOP_TIME_ZONE": "Europe/Berlin",
        "SHOP_POINT_VALUE": "0.01 EUR",
    },
)
