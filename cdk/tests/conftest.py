"""Both environments, synthesised once by the CDK's own command: what the tests read is what would be deployed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from settings import ENVIRONMENTS
from settings.model import Settings

CDK = Path(__file__).parent.parent
REPOSITORY = CDK.parent
STACKS = ("network", "data", "identity", "events", "compute", "service", "observability")


class Templates:
    """The templates of an environment, and short ways to ask them."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder, self.settings = folder, settings
        self.stacks = {stack: self._read(stack) for stack in STACKS}

    def _read(self, stack: str) -> dict:
        return json.loads(self.path(stack).read_text())

    def path(self, stack: str) -> Path:
        return self.folder / f"awsomeshop-{self.settings.name}-{stack}.template.json"

    def all(self, kind: str) -> list[dict]:
        """The properties of every resource of this type, in whichever stack."""
        return [resource.get("Properties", {}) for resource in self.resources(kind)]

    def resources(self, kind: str) -> list[dict]:
        every = (one for template in self.stacks.values() for one in template["Resources"].values())
        return [one for one in every if one["Type"] == kind]

    def one(self, kind: str) -> dict:
        found = self.all(kind)
        assert len(found) == 1, f"{len(found)} of {kind}"
        return found[0]

    def task(self, family: str) -> dict:
        wanted = f"awsomeshop-{self.settings.name}-{family}"
        return next(task for task in self.all("AWS::ECS::TaskDefinition") if task["Family"] == wanted)

    def shop(self) -> dict:
        """The container that people talk to."""
        return self.task("shop")["ContainerDefinitions"][0]

    def bucket(self, name: str) -> dict:
        return self.named("data", name)

    def named(self, stack: str, name: str) -> dict:
        """The resource whose path in its stack is this one."""
        path = f"awsomeshop-{self.settings.name}-{stack}/{name}/Resource"
        every = self.stacks[stack]["Resources"].values()
        return next(one["Properties"] for one in every if one.get("Metadata", {}).get("aws:cdk:path") == path)


def synthesise(environment: str, folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """`cdk synth`, as strictly as it can: without an account, and a warning is an error."""
    command = [CDK / "node_modules/.bin/cdk", "synth", "*", "--quiet", "--strict", "--no-lookups"]
    settings = ["--context", f"env={environment}", "--output", str(folder), *more]
    # Nothing of the machine's own settings for AWS, and the Python that runs the tests.
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    surroundings["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    surroundings["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"] = "20"
    surroundings["AWS_EC2_METADATA_DISABLED"] = "true"
    return subprocess.run([*command, *settings], cwd=CDK, env=surroundings, capture_output=True, text=True, timeout=240)


@pytest.fixture(scope="session")
def environments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Templates]:
    templates = {}
    for name, settings in ENVIRONMENTS.items():
        folder = tmp_path_factory.mktemp(name)
        done = synthesise(name, folder)
        assert done.returncode == 0, done.stdout + done.stderr
        templates[name] = Templates(folder, settings)
    return templates


@pytest.fixture(params=list(ENVIRONMENTS))
def environment(request: pytest.FixtureRequest, environments: dict[str, Templates]) -> Templates:
    """Each environment in turn."""
    return environments[request.param]


@pytest.fixture
def prod(environments: dict[str, Templates]) -> Templates:
    return environments["prod"]


@pytest.fixture
def dev(environments: dict[str, Templates]) -> Templates:
    return environments["dev"]


def attributes(properties: dict, key: str) -> dict[str, str]:
    """The attributes of a load balancer or target group as a table."""
    return {one["Key"]: one["Value"] for one in properties[key]}


def ingress_of(templates: Templates, group: str) -> list[dict]:
    """All rules inwards of a security group, those in it and those beside it."""
    network = templates.stacks["network"]["Resources"]
    (name,) = [name for name, one in network.items() if one["Type"].endswith("::SecurityGroup") and name.startswith(group)]
    beside = [
        one["Properties"]
        for one in network.values()
        if one["Type"] == "AWS::EC2::SecurityGroupIngress" and one["Properties"]["GroupId"]["Fn::GetAtt"][0] == name
    ]
    return network[name]["Properties"].get("SecurityGroupIngress", []) + beside


def statements(templates: Templates) -> list[dict]:
    """Every statement of every policy of a role or a group."""
    policies = templates.all("AWS::IAM::Policy")
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
