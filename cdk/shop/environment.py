"""What the program is told, by the names of `.env.example`. Every variable there is either here or in `LEFT_OUT`."""

from dataclasses import dataclass

from aws_cdk import aws_ecs as ecs

from shop import collector
from shop.base import ShopStack
from shop.data import DataStack
from shop.identity import GROUPS, IdentityStack
from shop.network import SHOP_PORT, NetworkStack
from shop.numbers import namespace
from shop.task import secret

METRICS_PORT = 9090

# What the company decides about the shop: `Settings.shop` may set these.
CHOSEN_BY_SETTINGS = frozenset(
    {
        "SHOP_TIME_ZONE",
        "SHOP_AUTO_PROVISION",
        "SHOP_OFFICES",
        "SHOP_POINTS_EXPIRE",
        "SHOP_POINT_VALUE",
        "SHOP_CANCEL_WITHIN_DAYS",
        "SHOP_REFUND_GRACE_DAYS",
        "SHOP_LEAVER_POINTS_DAYS",
        "SHOP_LIMIT_ORDERS",
        "SHOP_LIMIT_POINTS",
        "SHOP_APPROVAL_ABOVE",
        "RUST_LOG",
    }
)
# What is never set on AWS, and why.
LEFT_OUT = {
    "S3_ENDPOINT_URL": "the store is AWS's own",
    "SHOP_LEAVE_DELAY_S": "ECS takes a task out of the load balancer before it tells it to stop; the default is enough",
}


@dataclass(frozen=True)
class Environment:
    plain: dict[str, str]
    secrets: dict[str, ecs.Secret]


class UnknownVariable(Exception):
    """`Settings.shop` names a variable that is not the company's to choose."""


def of_the_service(stack: ShopStack, network: NetworkStack, data: DataStack, identity: IdentityStack) -> Environment:
    settings = stack.settings
    unknown = set(settings.shop) - CHOSEN_BY_SETTINGS
    if unknown:
        raise UnknownVariable(f"settings of {settings.name}: {', '.join(sorted(unknown))} cannot be chosen there")
    plain = {
        "SHOP_BIND": f"0.0.0.0:{SHOP_PORT}",
        # For a collector beside the program; no security group lets anybody else in.
        "SHOP_METRICS_BIND": f"127.0.0.1:{METRICS_PORT}",
        "SHOP_METRICS_EMF_NAMESPACE": namespace(settings),
        "SHOP_PUBLIC_URL": f"https://{settings.web.domain}",
        "SHOP_LOG": "json",
        "SHOP_GROUP_ROLES": ", ".join(f"{group}={role}" for group, (role, _) in GROUPS.items()),
        # Where the load balancer is: only what it says of a client is believed.
        "SHOP_TRUSTED_PROXIES": ", ".join(subnet.ipv4_cidr_block for subnet in network.vpc.public_subnets),
        "DATABASE_POOL_MIN": str(settings.tasks.pool_min),
        "DATABASE_POOL_MAX": str(settings.tasks.pool_max),
        "OIDC_ISSUER_URL": identity.issuer,
        "OIDC_CLIENT_ID": identity.client.user_pool_client_id,
        "OIDC_LOGOUT_URL": identity.logout_url,
        "OIDC_GROUPS_CLAIM": "cognito:groups",
        "S3_BUCKET": data.pictures.bucket_name,
        "AWS_REGION": settings.region,
        **settings.shop,
    }
    secrets = {
        "DATABASE_URL": secret(stack, "DatabaseUrl", data.worker_url),
        "OIDC_CLIENT_SECRET": secret(stack, "ClientSecret", identity.client_secret),
        "SHOP_CODE_KEY": secret(stack, "CodeKey", data.code_key),
    }
    if settings.mail and data.smtp_url:
        plain["SHOP_MAIL_FROM"] = settings.mail.sender
        secrets["SMTP_URL"] = secret(stack, "SmtpUrl", data.smtp_url)
    if settings.traces:
        plain |= collector.told(stack, settings.traces)
    return Environment(plain, secrets)
