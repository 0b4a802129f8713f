"""The env files of the project that are present."""

from collections.abc import Iterable, Iterator

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.env_files import EnvFile, EnvFiles, NamedFiles, OtherEnvFiles, scan
from hotelctl.probes.context import Context


def env_files(context: Context) -> EnvFiles:
    """The files of this environment. Raises `NotApplicable` when none is present."""
    used = _used(context)
    found = tuple(present_files(used, context))
    if not found:
        raise NotApplicable("no env file is present: " + (", ".join(used) or "the service file names none"))
    return EnvFiles(found)


def other_env_files(context: Context) -> OtherEnvFiles:
    """The files of all other environments, and the example."""
    spec, used = context.configuration.spec, _used(context)
    elsewhere = (name for env in spec.environments.values() for name in env.env_files)
    others = tuple(name for name in dict.fromkeys(elsewhere) if name not in used)
    example = next(present_files(filter(None, (spec.env.example,)), context), None)
    return OtherEnvFiles(tuple(present_files(others, context)), example)


def named_files(context: Context) -> NamedFiles:
    """The files that this environment names itself, and the example, with those that are absent."""
    here = context.configuration
    wanted = tuple(dict.fromkeys((*here.environment.env_files, *filter(None, (here.spec.env.example,)))))
    absent = tuple(name for name in wanted if not context.files.exists(here.project / name))
    return NamedFiles(str(here.file), wanted, absent)


def present_files(names: Iterable[str], context: Context) -> Iterator[EnvFile]:
    """Those of `names` that are there, read.

    Raises:
        Unavailable: something of that name is there and cannot be read as a file.

    """
    for name in names:
        path = context.configuration.project / name
        if not context.files.exists(path):
            continue
        # A pipe would be waited for without end.
        if not context.files.is_file(path):
            what = "a directory, a device, or a link in a circle or to nothing"
            raise Unavailable(f"{name}: is no file that could be read ({what})")
        yield scan(name, context.files.read(path), context.files.mode(path))


def _used(context: Context) -> tuple[str, ...]:
    here = context.configuration
    return tuple(dict.fromkeys((*here.spec.env.files, *here.environment.env_files)))
