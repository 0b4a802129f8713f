"""The service's own chores: found in the service file, done by a program of what serves."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotelctl.adapters.handover import hand_over
from hotelctl.cli._target import target_of
from hotelctl.cli._wiring import Asked, Wiring, configure, wired
from hotelctl.config.load import Configuration
from hotelctl.config.service import Chore
from hotelctl.config.template import fill_all
from hotelctl.core.errors import UsageError
from hotelctl.render.facts import FORMATS, Rows
from hotelctl.render.terminal import stdout


@dataclass(frozen=True, slots=True)
class Program:
    """A command line and the variables that it runs with."""

    argv: tuple[str, ...]
    env: Mapping[str, str]


def perform(asked: Asked, name: str | None, words: Sequence[str]) -> None:
    """The chore takes this process over; without a name, the list of chores.

    Raises:
        UsageError: the service has no such chore.

    """
    configuration = configure(asked)
    if name is None:
        FORMATS["console"](listed(configuration), stdout(no_color=False))
        return
    chore = _find(configuration, name)
    with wired(configuration, None, {}, start_database=False) as wiring:
        program = prepared(wiring, name, chore, words)
    hand_over(program.argv, program.env)


def listed(configuration: Configuration) -> Rows:
    """Every chore of the service with what it does."""
    chores = configuration.spec.chores
    facts = [{"chore": name, "does": chore.help} for name, chore in chores.items()]
    return Rows(iter(facts), facts)


def _find(configuration: Configuration, name: str) -> Chore:
    chores = configuration.spec.chores
    if name not in chores:
        known = ", ".join(chores) or "none"
        title = configuration.spec.service.name
        raise UsageError(f"{title} has no chore {name}", f"its chores: {known}")
    return chores[name]


def prepared(wiring: Wiring, name: str, chore: Chore, words: Sequence[str]) -> Program:
    """The chore as a program of the release that serves, else of this Python."""
    configuration = wiring.configuration
    release = target_of(configuration).serving()
    venv = Path(sys.prefix) if release is None else wiring.layout.venv(release.id)
    values = {
        "python": sys.executable,
        "venv": str(venv),
        "state": str(wiring.layout.state),
        "environment": configuration.environment_name,
        "public_url": wiring.public_url,
    }
    env = {**os.environ, **wiring.release_env()}
    database = configuration.spec.database
    if database is not None and chore.role == "owner" and wiring.database_url is not None:
        env[database.url_env] = wiring.database_url
    if release is not None:
        # Else Python would take the code of the directory that this is called in for the release's.
        env["PYTHONSAFEPATH"] = "1"
        env.pop("PYTHONPATH", None)
    return Program((*fill_all(chore.command, values, f"chores.{name}"), *words), env)
