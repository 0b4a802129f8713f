"""Holding an environment while its backups are worked on."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hotelctl.adapters.postgres_url import writing
from hotelctl.adapters.scratch import Scratch
from hotelctl.cli._database import given_url
from hotelctl.cli._options import Format
from hotelctl.cli._places import LOCAL
from hotelctl.cli._presentation import presentation
from hotelctl.cli._session import Session, session
from hotelctl.cli._wiring import Asked, Wiring, layout_of, templates, wired
from hotelctl.config.load import Configuration
from hotelctl.core.errors import HotelctlError, Interrupted, Unavailable, Unverified, UsageError
from hotelctl.core.moving import Watcher
from hotelctl.core.progress import Observer
from hotelctl.core.units import size, thousands
from hotelctl.deploy.backup import Backup, BackupStore
from hotelctl.deploy.targets.places import Places
from hotelctl.render.facts import Rows
from hotelctl.render.progress import progress

_DONE, _FAILED = "done", "failed"
# A line that lives at a terminal may change often; one that stays in a log should tell something new.
_LIVE_S, _LINE_S = 0.5, 10.0


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

    @property
    def scratch(self) -> Scratch:
        """Throw-away databases beside the service's, also while that one is closed to writers."""
        ports = self.wiring.ports
        return Scratch(ports.databases, writing(self.url), self.wiring.layout.state / "scratch")

    def store(self, name: str) -> BackupStore:
        """The backup called `name`, be it there or not."""
        ports = self.wiring.ports
        watcher = Watcher(self.observer.said, _LIVE_S if sys.stderr.isatty() else _LINE_S)
        return BackupStore(name, ports.vault, ports.files, ports.clock, watcher, ports.sealing)

    @contextmanager
    def step(self, n: int, total: int, name: str, title: str) -> Iterator[list[str]]:
        """Tells that it begins and how it ends; a text that is put into the list says what came of it."""
        clock, said = self.wiring.ports.clock, list[str]()
        self.held.lock.require()
        self.observer.began(n, total, name, title)
        began = clock.monotonic()
        try:
            yield said
        except (HotelctlError, Unavailable) as error:
            self.observer.ended(_FAILED, str(error), clock.monotonic() - began)
            raise
        self.observer.ended(_DONE, said[-1] if said else title, clock.monotonic() - began)

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
    shown = presentation(Format.CONSOLE, None, verbose=False, quiet=manner.quiet, no_color=manner.no_color)
    try:
        with (
            session(asked, shown, kind, _require_database) as held,
            wired(held.configuration, None, {}, start_database=True, temporary=held.workspace) as wiring,
            progress(wiring.redactor, quiet=manner.quiet, no_color=manner.no_color) as observer,
        ):
            if wiring.database_url is None:
                raise UsageError("no database is configured for this environment", "set its URL")
            wiring.ports.scratch.sweep()
            wiring.ports.databases.only_while(held.lock.require)
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
    packed = one.compression if one.level is None else f"{one.compression}:{one.level}"
    kind = f"{packed}, encrypted" if one.sealed_for else packed
    shown = {
        "backup": one.id,
        "database": " ".join(one.database.split()),
        "holds": f"{holds}, {size(one.size_bytes)} ({kind})",
        "revision": one.revision or (f"unknown: {one.revision_unknown}" if one.revision_unknown else "none"),
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
        "revision_unknown": one.revision_unknown or None,
        "sha256": one.sha256,
        "compression": one.compression,
        "compression_level": one.level,
        "encrypted_for": list(one.sealed_for),
        "postgresql": one.postgresql or None,
        "wal": one.wal,
    }
