"""The collector beside the program, where the settings want one: it takes traces and hands them to X-Ray."""

import json

from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from settings.model import Traces
from shop.base import ShopStack
from shop.task import hardened

PORT = 4318
# Containers of a task have one network: nobody else reaches it.
ENDPOINT = f"http://127.0.0.1:{PORT}"
# The user that the image of the AWS Distro for OpenTelemetry has for it.
USER = "4317:4317"
MEMORY_MIB = 160
# Before that it refuses spans, which the program then drops.
SPANS_MIB = 96


def told(stack: ShopStack, traces: Traces) -> dict[str, str]:
    """What the program is told. Strangers could send a traceparent, so their word does not decide."""
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": ENDPOINT,
        "OTEL_SERVICE_NAME": stack.named("shop"),
        "OTEL_TRACES_SAMPLER": "traceidratio",
        "OTEL_TRACES_SAMPLER_ARG": str(traces.share),
    }


def configuration(region: str) -> str:
    """JSON, which is YAML."""
    steps = {"receivers": ["otlp"], "processors": ["memory_limiter", "batch"], "exporters": ["awsxray"]}
    return json.dumps(
        {
            "receivers": {"otlp": {"protocols": {"http": {"endpoint": f"127.0.0.1:{PORT}"}}}},
            "processors": {"memory_limiter": {"check_interval": "1s", "limit_mib": SPANS_MIB}, "batch": {"timeout": "5s"}},
            # A request is found by the id that its log lines have.
            "exporters": {"awsxray": {"region": region, "indexed_attributes": ["shop.request_id"]}},
            "service": {"pipelines": {"traces": steps}, "telemetry": {"logs": {"level": "warn"}}},
        }
    )


def collector(stack: ShopStack, task: ecs.FargateTaskDefinition, traces: Traces, logging: ecs.LogDriver) -> None:
    """Beside the program, which goes on without it. It is there first and leaves last, for the last spans."""
    beside = task.add_container(
        "collector",
        image=ecs.ContainerImage.from_registry(traces.image),
        environment={"AOT_CONFIG_CONTENT": configuration(stack.region)},
        user=USER,
        essential=False,
        readonly_root_filesystem=True,
        linux_parameters=hardened(stack, "Collector"),
        cpu=32,
        memory_limit_mib=MEMORY_MIB,
        logging=logging,
    )
    task.default_container.add_container_dependencies(
        ecs.ContainerDependency(container=beside, condition=ecs.ContainerDependencyCondition.START)
    )
    task.task_role.add_to_principal_policy(
        iam.PolicyStatement(sid="Traces", actions=["xray:PutTraceSegments", "xray:PutTelemetryRecords"], resources=["*"])
    )
    stack.acknowledge(task.task_role, "AwsSolutions-IAM5[Resource::*]", "X-Ray takes segments and knows no resources.")
