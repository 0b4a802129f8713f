"""The variables that the release is started with, and where each one comes from."""

from collections.abc import Mapping

from hotelctl.core.finding import Location
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_files import EnvFile
from hotelctl.facts.release_environment import ReleaseEnvironment, Setting
from hotelctl.facts.secret import Secret
from hotelctl.probes.context import Context
from hotelctl.probes.env_files import present_files


def release_environment(context: Context, contract: EnvContract) -> ReleaseEnvironment:
    """All settings with their sources; a later source wins, as in the release itself."""
    files = tuple(present_files(_names(context), context))
    values = dict(context.release_env)
    values |= {
        key: context.environ[key] for key in contract.keys if key in context.environ and key not in values
    }
    settings = {key: _setting(context, files, key, value) for key, value in values.items()}
    profile = context.configuration.environment.profile
    process = {key: Secret(value) for key, value in context.environ.items()}
    return ReleaseEnvironment(profile, settings, context.clock.now().date(), _names(context), process)


def _names(context: Context) -> tuple[str, ...]:
    """The env files that are read, present or not, in that order."""
    here = context.configuration
    return tuple(dict.fromkeys((*here.spec.env.files, *here.environment.env_files)))


def _setting(context: Context, files: tuple[EnvFile, ...], key: str, value: str) -> Setting:
    if _is_from(context.configuration.given, key, value, context):
        return Setting(key, Secret(value), "--from-json")
    if _is_from(context.environ, key, value, context):
        return Setting(key, Secret(value), "process environment")
    for file in reversed(files):
        if (entry := file.last(key)) is not None:
            place = Location(file.path, entry.line)
            return Setting(key, Secret(value), str(place), place, entry.lines)
    if key in context.configuration.spec.variables:
        source = context.configuration.source(f"run.env.{key}")
        return Setting(key, Secret(value), str(source), Location(source.path, source.line))
    return Setting(key, Secret(value), "set by hotelctl")


def _is_from(given: Mapping[str, str], key: str, value: str, context: Context) -> bool:
    """Whether it came from there; the URL of the database is entered by another role since."""
    database = context.configuration.spec.database
    by_role = database is not None and key == database.url_env
    return given.get(key) == value or (by_role and bool(given.get(key)))
