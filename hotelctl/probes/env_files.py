"""The env files of the project that are present."""

from collections.abc import Iterable, Iterator

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.env_files import EnvFile, EnvFiles, OtherEnvFiles, scan
from hotelctl.probes.context import Context


def env_files(context: Context) -> EnvFiles:
    """The files of this environment. Raises `NotApplicable` when none is present."""
    used = _used(context)
    found = tuple(_present(context, used))
    if not found:
        raise NotApplicable("no env file is present: " + (", ".join(used) or "the service file names none"))
    return EnvFiles(found)


def other_env_files(context: Context) -> OtherEnvFiles:
    """The files of all other environments, and the example."""
    spec, used = context.configuration.spec, _used(context)
    elsewhere = (name for env in spec.environments.values() for name in env.env_files)
    others = tuple(name for name in dict.fromkeys(elsewhere) if name not in used)
    example = next(_present(context, filter(None, (spec.env.example,))), None)
    return OtherEnvFiles(tuple(_present(context, others)), example)


def _used(context: Context) -> tuple[str, ...]:
    here = context.configuration
    return tuple(dict.fromkeys((*here.spec.env.files, *here.environment.env_files)))


def _present(context: Context, names: Iterable[str]) -> Iterator[EnvFile]:
    for name in names:
        path = context.configuration.project / name
        if context.files.exists(path):
            text = context.files.read(path).decode("utf-8-sig", errors="replace")
            yield scan(name, text, context.files.mode(path))
