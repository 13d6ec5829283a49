"""All stacks of one environment, in the order in which they stand on each other."""

from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks
from constructs import Construct

from settings.checks import check
from settings.model import Settings
from shop.base import ShopStack
from shop.compute import ComputeStack
from shop.data import DataStack
from shop.events import EventsStack
from shop.identity import IdentityStack
from shop.network import NetworkStack
from shop.observability import ObservabilityStack
from shop.service import ServiceStack


def environment(app: Construct, settings: Settings) -> list[ShopStack]:
    check(settings)
    network = NetworkStack(app, settings)
    data = DataStack(app, settings, network)
    events = EventsStack(app, settings, network.key)
    identity = IdentityStack(app, settings, network.key)
    # Cognito writes in the name of a domain that SES knows.
    identity.add_stack_dependency(events)
    compute = ComputeStack(app, settings, network, data)
    service = ServiceStack(app, settings, network, data, identity, events, compute)
    seen = ObservabilityStack(app, settings, data, events, compute, service)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return [network, data, events, identity, compute, service, seen]
