"""The env files of the project that are present."""

from collections.abc import Iterable, Iterator

from hotelctl.core.errors import NotApplicable
from hotelctl.facts.env_files import EnvFile, EnvFiles, scan
from hotelctl.probes.context import Context


def env_files(context: Context) -> EnvFiles:
    """The files of this environment, of the others, and the example. Raises `NotApplicable` for none."""
    spec, here = context.configuration.spec, context.configuration.environment
    used = tuple(dict.fromkeys((*spec.env.files, *here.env_files)))
    elsewhere = (name for env in spec.environments.values() for name in env.env_files)
    others = tuple(name for name in dict.fromkeys(elsewhere) if name not in used)
    example = next(_present(context, filter(None, (spec.env.example,))), None)
    found = EnvFiles(tuple(_present(context, used)), tuple(_present(context, others)), example)
    if not found.used:
        raise NotApplicable("no env file is present: " + (", ".join(used) or "the service file names none"))
    return found


def _present(context: Context, names: Iterable[str]) -> Iterator[EnvFile]:
    for name in names:
        path = context.configuration.project / name
        if context.files.exists(path):
            text = context.files.read(path).decode("utf-8-sig", errors="replace")
            yield scan(name, text, context.files.mode(path))
