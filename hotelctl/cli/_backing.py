"""Holding an environment while its backups are worked on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hotelctl.cli._database import given_url
from hotelctl.cli._options import Format
from hotelctl.cli._places import LOCAL
from hotelctl.cli._presentation import presentation
from hotelctl.cli._session import Session, session
from hotelctl.cli._wiring import Asked, Wiring, configure, layout_of, templates, wired
from hotelctl.config.load import Configuration
from hotelctl.core.errors import Interrupted, Unavailable, Unverified, UsageError
from hotelctl.core.progress import Observer
from hotelctl.deploy.backup import Backup, BackupStore
from hotelctl.deploy.targets.places import Places
from hotelctl.render.facts import Rows
from hotelctl.render.progress import progress
from hotelctl.render.words import size, thousands


@dataclass(frozen=True, slots=True)
class Manner:
    """How a command tells what it does."""

    quiet: bool
    no_color: bool


@dataclass(frozen=True, slots=True)
class Backing:
    """The environment is held; `url` is the owner's way into its database."""

    held: Session
    wiring: Wiring
    url: str
    observer: Observer

    def store(self, name: str) -> BackupStore:
        """The backup called `name`, be it there or not."""
        ports = self.wiring.ports
        return BackupStore(self.wiring.layout.backup(name), ports.files, ports.clock)

    def require_going_on(self, done: str, next_command: str) -> None:
        """Return unless somebody asked to stop. Raises `Interrupted`."""
        if self.held.stop():
            raise Interrupted(f"stopped on request: {done}", f"{next_command} goes on")


@contextmanager
def backing(asked: Asked, manner: Manner, kind: str) -> Iterator[Backing]:
    """The environment, held, and everything wired.

    Raises:
        Locked: another operation holds it.
        UsageError: the service has no database, or none is configured here.
        Unverified: a server or a program that is needed cannot be had.

    """
    configuration = configure(asked)
    _require_database(configuration)
    shown = presentation(Format.CONSOLE, None, verbose=False, quiet=manner.quiet, no_color=manner.no_color)
    try:
        with (
            session(configuration, shown, kind) as held,
            wired(configuration, None, {}, start_database=True, temporary=held.workspace) as wiring,
            progress(wiring.redactor, quiet=manner.quiet, no_color=manner.no_color) as observer,
        ):
            if wiring.database_url is None:
                raise UsageError("no database is configured for this environment", "set its URL")
            yield Backing(held, wiring, wiring.database_url, observer)
    except Unavailable as trouble:
        raise Unverified(trouble.reason, "hotelctl doctor tells what is missing here") from trouble


def _require_database(configuration: Configuration) -> None:
    spec, layout = configuration.spec, layout_of(configuration)
    if spec.database is None:
        raise UsageError(configuration.names_no("database"), "there is nothing to back up")
    if configuration.environment_name != LOCAL or Places(layout.state).postgres.exists():
        return
    if given_url(configuration, templates(configuration, layout), os.environ) is None:
        raise UsageError(f"environment {LOCAL} has no database yet", "hotelctl deploy makes it")


def told(one: Backup) -> Rows:
    """One backup, for people and for programs."""
    holds = f"{thousands(one.rows, 'row')} of {thousands(len(one.tables), 'table')}"
    shown = {
        "backup": one.id,
        "database": " ".join(one.database.split()),
        "holds": f"{holds}, {size(one.size_bytes)} ({one.compression})",
        "revision": one.revision or "none",
        "verified": one.verified_at or "no",
    }
    return Rows([{"what": key, "value": value} for key, value in shown.items()], details(one))


def details(one: Backup) -> dict[str, Any]:
    """All that is known of it but its tables and files."""
    return {
        "id": one.id,
        "database": one.database,
        "created_at": one.created_at,
        "verified_at": one.verified_at,
        "size_bytes": one.size_bytes,
        "rows": one.rows,
        "tables": len(one.tables),
        "revision": one.revision,
        "sha256": one.sha256,
        "compression": one.compression,
        "postgresql": one.postgresql or None,
        "wal": one.wal,
    }
