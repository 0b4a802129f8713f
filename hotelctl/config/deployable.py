"""Whether a service file says enough for a deploy; checks alone need less."""

from collections.abc import Iterator

from hotelctl.config.load import Configuration
from hotelctl.config.service import ServiceSpec
from hotelctl.core.errors import UsageError

APPLIED = ("alembic", "sql")
"""The kinds of migrations that a deploy applies; others are judged, and applied by their own tool."""

_HINT = "write them; hotelctl init --dry-run shows what belongs there. hotelctl validate needs none of them"


def require_deployable(configuration: Configuration) -> None:
    """Return when the service file says how to build, start and ask the service. Raises `UsageError`."""
    missing = list(_missing(configuration.spec))
    if missing:
        which = "which is" if len(missing) == 1 else "which are"
        raise UsageError(f"{configuration.file}: a deploy needs {_and(missing)}, {which} not there", _HINT)


def is_deployable(configuration: Configuration) -> bool:
    """Whether there is a service file that says enough."""
    return configuration.written and not list(_missing(configuration.spec))


def _missing(spec: ServiceSpec) -> Iterator[str]:
    for name, part in (("build", spec.build_), ("run", spec.run_), ("health", spec.health_)):
        if part is None:
            yield f"[{name}]"
    if spec.tests is None or not spec.tests.command:
        yield "tests.command"
    if spec.migrations is not None and spec.migrations.kind not in APPLIED:
        yield f"a migrations.kind that it applies ({' or '.join(APPLIED)})"
    elif spec.migrations is not None and spec.migrations.kind != "sql" and not spec.migrations.command:
        yield "migrations.command"


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
