"""What must hold between the numbers of an environment; synthesis fails when something does not."""

from settings.model import Settings

# Memory of the instance classes that are allowed, in bytes.
GIB = 1024**3
MEMORY = {"t3.micro": 1 * GIB, "t3.small": 2 * GIB, "t3.medium": 4 * GIB, "m6i.large": 8 * GIB, "m6i.xlarge": 16 * GIB}
# RDS for MySQL reckons with as many bytes for a connection when nobody sets max_connections.
BYTES_OF_A_CONNECTION = 12_582_880
# While a version replaces another all tasks are there twice.
VERSIONS_AT_ONCE = 2
# Beside its pool each task has one that only asks how the database is.
PROBES = 1
# The program and a collector beside it.
COLLECTOR_NEEDS_MIB = 1024
# CPU units of a task, and the memory in MiB that Fargate gives with each.
FARGATE = {256: (512, 1024), 512: (1024,)}


class SettingsProblem(Exception):
    """Everything wrong with the settings of an environment, a sentence each."""


def connections_taken(instance_class: str) -> int:
    """How many connections an instance of this class takes."""
    return MEMORY[instance_class] // BYTES_OF_A_CONNECTION


def problems(settings: Settings) -> list[str]:
    return [*_database(settings), *_tasks(settings), *_web(settings), *_identity(settings), *_traces(settings)]


def check(settings: Settings) -> None:
    found = problems(settings)
    if found:
        raise SettingsProblem(f"the settings of {settings.name} do not hold together: " + "; ".join(found))


def _database(settings: Settings) -> list[str]:
    found = []
    database, tasks = settings.database, settings.tasks
    if database.instance_class not in MEMORY:
        return [f"the instance class {database.instance_class} is none of {', '.join(MEMORY)}"]
    taken = connections_taken(database.instance_class)
    if database.max_connections > taken:
        found.append(f"max_connections {database.max_connections} is more than a {database.instance_class} takes ({taken})")
    wanted = (tasks.pool_max + PROBES) * tasks.most * VERSIONS_AT_ONCE
    if wanted > min(database.max_connections, taken):
        found.append(
            f"{tasks.pool_max} + {PROBES} connections × {tasks.most} tasks × {VERSIONS_AT_ONCE} versions"
            f" while one replaces the other = {wanted}, and the database takes {min(database.max_connections, taken)}"
        )
    if database.storage_gb < 20 or database.most_storage_gb < database.storage_gb:
        found.append("storage begins at 20 GB and can only grow")
    if database.backup_days < 7:
        found.append("backups are kept for 7 days at least")
    return found


def _tasks(settings: Settings) -> list[str]:
    found = []
    tasks = settings.tasks
    if tasks.memory_mib not in FARGATE.get(tasks.cpu, ()):
        found.append(f"Fargate has no task of {tasks.cpu} CPU units and {tasks.memory_mib} MiB for us")
    if not 2 <= tasks.least <= tasks.most <= 10:
        found.append("there are 2 to 10 tasks, so that no zone holds the only one")
    # The program refuses anything else at its start.
    if not 2 <= tasks.pool_max <= 64 or tasks.pool_min > tasks.pool_max:
        found.append("a pool is of 2 to 64 connections")
    return found


def _traces(settings: Settings) -> list[str]:
    traces, found = settings.traces, []
    if traces is None:
        return found
    if "@sha256:" not in traces.image:
        found.append("the collector's image is named by its digest")
    if not 0 <= traces.share <= 1:
        found.append("the share of requests that are traced is from 0 to 1")
    if settings.tasks.memory_mib < COLLECTOR_NEEDS_MIB:
        found.append(f"a task with a collector in it needs {COLLECTOR_NEEDS_MIB} MiB")
    return found


def _web(settings: Settings) -> list[str]:
    web = settings.web
    found = []
    if bool(web.hosted_zone_id) != bool(web.hosted_zone_name):
        found.append("a hosted zone has an id and a name")
    if bool(web.hosted_zone_id) == bool(web.certificate_arn):
        found.append("either a hosted zone or the ARN of a certificate is needed, and not both")
    if web.domain.startswith("localhost") or "/" in web.domain:
        found.append(f"{web.domain} is not the name of a host")
    if not all(zone.startswith(settings.region) for zone in settings.network.zones):
        found.append(f"the zones {settings.network.zones} are not in {settings.region}")
    return found


def _identity(settings: Settings) -> list[str]:
    identity = settings.identity
    found = []
    if settings.protected and identity.mfa != "required" and identity.federation is None:
        found.append("HR's desks need a second factor: mfa is required where people rely on the shop")
    if not 1 <= identity.session_hours <= 24:
        found.append("a session at Cognito is of 1 to 24 hours")
    federation = identity.federation
    if federation and federation.kind == "oidc" and not (federation.client_id and federation.client_secret_name):
        found.append("federation by OIDC needs a client id and the name of a secret")
    return found
