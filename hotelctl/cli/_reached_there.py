"""A database that containers of an engine elsewhere do not reach is refused before anything is begun."""

import re
from collections.abc import Mapping

from hotelctl.adapters.docker_engine import is_here
from hotelctl.cli._database import given_url
from hotelctl.cli._wiring import layout_of, templates
from hotelctl.config.load import Configuration
from hotelctl.config.release_env import env_files
from hotelctl.core.errors import UsageError
from hotelctl.deploy.targets.contained_database import only_here

_REMEDY = "name a host that this machine and the engine's containers reach"


def require_reached_there(configuration: Configuration, environ: Mapping[str, str]) -> None:
    """Return where the engine is this machine's, or reaches the database by its URL. Raises `UsageError`."""
    database = configuration.spec.database
    if configuration.environment.target != "docker" or is_here(environ) or database is None:
        return
    url = given_url(configuration, templates(configuration, layout_of(configuration)), environ)
    engine, name = environ["DOCKER_HOST"], database.url_env
    if url is None:
        raise UsageError(
            f"{name} is not set, and containers of {engine} do not reach a database that hotelctl makes here",
            _REMEDY,
        )
    if only_here(url):
        place = _place(configuration, name, environ)
        raise UsageError(
            f"{place}: {name} names a database of this machine alone, and containers run on {engine}",
            _REMEDY,
        )


def _place(configuration: Configuration, name: str, environ: Mapping[str, str]) -> str:
    """The file and line that the value is of, or where else it comes from."""
    if name in configuration.given:
        return "--values"
    if name in environ:
        return "the process environment"
    set_there = re.compile(rf"\s*(export\s+)?{re.escape(name)}\s*=")
    for path in reversed(env_files(configuration)):
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        for number in range(len(lines), 0, -1):
            if set_there.match(lines[number - 1]):
                return f"{path.name}:{number}"
    return str(configuration.source(f"run.env.{name}"))
