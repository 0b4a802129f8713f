"""Throw-away databases that are gone afterwards, and after a crash at the next sweep.

Beside the service's own database where its role may create some, so that versions, locales and roles are
the same. Else on a throw-away server of this process, to which the service's roles are copied by name.
"""

import atexit
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Self

from hotelctl.adapters.copied_roles import copy_roles, lent_roles, make_superuser
from hotelctl.adapters.embedded import SUPERUSER, EmbeddedPostgres
from hotelctl.adapters.later import Later
from hotelctl.adapters.overheard import READABLE, Overheard, overheard
from hotelctl.adapters.owner_mark import is_dead, own_mark
from hotelctl.adapters.postgres_pattern import Ahead, Pattern
from hotelctl.adapters.postgres_tools import EMBEDDED_MAJOR, wheel_directory
from hotelctl.config.release_env import with_database
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.ports import Databases

_PREFIX = "hotelctl_scratch_"
_PURPOSE = re.compile(r"[^a-z0-9]+")
# A name that no other server has: the role `postgres` of one need not be a superuser there.
_KEEPER = "hotelctl_scratch"
# Data that nobody keeps need not reach the disk.
_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", **READABLE}
_MAY_CREATE = "SELECT rolsuper OR rolcreatedb FROM pg_catalog.pg_roles WHERE rolname = current_user"
_MAJOR = "SELECT current_setting('server_version_num')::int / 10000"
# The versions that the wheel brings: an older server is nearer to the older one.
_OLDER, _NEWEST = 16, EMBEDDED_MAJOR
_LEFT = "SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE 'hotelctl\\_scratch\\_%'"


class _Kind(NamedTuple):
    """A throw-away server: those with the roles of another one are nobody else's."""

    major: int
    with_roles: bool


_PLAIN = _Kind(_NEWEST, with_roles=False)
_KINDS = (_PLAIN, *(_Kind(major, with_roles=True) for major in (_OLDER, _NEWEST)))


class Scratch:
    """`server` is the service's own URL, None where there is none; throw-away servers live below `root`."""

    def __init__(
        self, databases: Databases, server: str | None, root: Path, *, patterns: Path | None = None
    ) -> None:
        """Nothing is made before the first scratch.

        Below `patterns`, where it is given, stays what makes the next throw-away server sooner.
        """
        self._databases = databases
        self._server = server
        self._root = root
        self._pattern = None if patterns is None else Pattern(patterns)
        self._own: dict[_Kind, EmbeddedPostgres] = {}
        self._ahead: list[Ahead] = []
        self._swept = False
        self._guard = threading.Lock()
        # Roles are a whole server's: those of two blocks at once would come into each other's way.
        self._roles = threading.RLock()
        self._entered: list[_Kind] = []
        # Whose roles `prepare` has copied, as long as no block has run there since.
        self._prepared_for = ""

    @contextmanager
    def scratch(self, purpose: str) -> Iterator[str]:
        """The owner's URL of a new empty database; dropped however the block ends.

        Raises:
            Unavailable: neither the given server nor a throw-away one can hold it.

        """
        server = self._server
        if server is not None and self._may_create(server):
            with self._database(lambda: server, purpose) as url:
                yield url
        else:
            with self.apart(purpose, roles_of=server) as url:
                yield url

    @contextmanager
    def apart(self, purpose: str, *, roles_of: str | None = None) -> Iterator[str]:
        """The same on a throw-away server always: what runs there may make roles and load of its own.

        It has the roles of the server `roles_of` and their rights, where one is given, and is of a version
        near to it; then other threads wait for their own until the block ends.

        Raises:
            Unavailable: the wheel of the throw-away server is not installed.

        """
        if roles_of is None:
            with self._database(lambda: self._own_server(None), purpose) as url:
                yield url
            return
        with self._roles:
            place = self._own_server(roles_of)
            self._prepared_for = ""
            self._entered.append(self._kind(roles_of))
            try:
                with self._database(lambda: place, purpose) as url:
                    yield url
            finally:
                self._entered.pop()

    def prepare(self, *, roles_of: str) -> None:
        """The throw-away server runs, so that `apart` need not wait for it; what goes wrong is told there."""
        if self._roles.acquire(blocking=False):
            try:
                with suppress(Unavailable, StepFailed):
                    self._own_server(roles_of)
                    self._prepared_for = "" if self._entered else roles_of
            finally:
                self._roles.release()

    @contextmanager
    def overheard(self, purpose: str) -> Iterator[Overheard]:
        """As `apart`; what its server is asked meanwhile, in every database, can be read."""
        with self.apart(purpose) as url:
            server = self._own_server(None)
            with overheard(url, server, self._own[_PLAIN].log, self._databases) as one:
                yield one

    def major(self, near: int) -> int | None:
        """The major version of the throw-away server for one of version `near`; None without the wheel."""
        return _near(near) if wheel_directory() else None

    @contextmanager
    def on(self, server: str, purpose: str, *, roles_of: str | None = None) -> Iterator[str]:
        """The same on the server of this URL, whose role may create databases and roles.

        Roles of the server `roles_of` that are not there are there meanwhile.

        Raises:
            StepFailed, Unavailable: they cannot be made.

        """
        self._sweep_databases(server)
        with ExitStack() as stack:
            if roles_of is not None:
                stack.enter_context(lent_roles(self._databases, roles_of, server))
            yield stack.enter_context(self._database(lambda: server, purpose))

    @contextmanager
    def later(self, purpose: str) -> Iterator[Later]:
        """As `apart`, but server and database are made when somebody asks for them first."""
        name = _name(purpose)

        def made() -> str:
            if not self._swept:
                self.sweep()
            return self._databases.create(self._own_server(None), name)

        one = Later(with_database(self._own_address(), name), made)
        try:
            yield one
        finally:
            if one.is_made:
                with suppress(Unavailable):
                    self._databases.drop(self._own_server(None), name)

    @contextmanager
    def _database(self, place: Callable[[], str], purpose: str) -> Iterator[str]:
        if not self._swept:
            self.sweep()
        server, name = place(), _name(purpose)
        url = self._databases.create(server, name)
        try:
            yield url
        finally:
            # A server that died meanwhile is the block's own error; the name lets a later sweep find it.
            with suppress(Unavailable):
                self._databases.drop(server, name)
            self._begin_ahead()

    def _begin_ahead(self) -> None:
        """Where one database is gone others are waited for less than before: time for the next server's."""
        with self._guard:
            if not self._ahead:
                begun = (coming for own in self._own.values() if (coming := own.begin_ahead()))
                self._ahead += islice(begun, 1)

    def sweep(self) -> None:
        """What dead processes of this machine left is gone: servers, and databases beside the service's.

        A server that does not answer keeps its leftovers until the next sweep.
        """
        self._swept = True
        for place in sorted(self._root.glob("*")):
            if is_dead(place.name):
                for kind in _KINDS:
                    EmbeddedPostgres(_data(place, kind)).stop(discarded=True)
                shutil.rmtree(place, ignore_errors=True)
        server = self._server
        with suppress(Unavailable):
            if server is not None and self._may_create(server):
                self._sweep_databases(server)

    def close(self) -> None:
        """The throw-away server of this process is gone, and its data; later calls do nothing."""
        with self._guard:
            for own in self._own.values():
                own.stop(discarded=True)
            # One place holds them all: without its data a server that still runs could not be found.
            for own in self._own.values():
                shutil.rmtree(own.pgdata.parent, ignore_errors=True)
            for coming in self._ahead:
                coming.end()
            self._ahead.clear()
            if self._own:
                self._own.clear()
                self._prepared_for = ""
                atexit.unregister(self.close)
        with suppress(OSError):
            self._root.rmdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _sweep_databases(self, server: str) -> None:
        for (name,) in self._databases.query(server, _LEFT).values:
            if is_dead(_mark(name)):
                self._databases.drop(server, name)

    def _own_place(self, kind: _Kind) -> Path:
        """Named before it is made, so that a sweep finds whatever a crash leaves of it."""
        return _data(self._root / own_mark(), kind)

    def _own_address(self) -> str:
        return (self._own.get(_PLAIN) or self._embedded(_PLAIN)).address()

    def _embedded(self, kind: _Kind) -> EmbeddedPostgres:
        return EmbeddedPostgres(
            self._own_place(kind), _SETTINGS, major=kind.major, superuser=_KEEPER, pattern=self._pattern
        )

    def _own_server(self, roles_of: str | None) -> str:
        """The throw-away server of this process, with the roles of another one."""
        kind = self._kind(roles_of)
        with self._guard:
            if kind not in self._own:
                if not self._own:
                    atexit.register(self.close)
                self._own[kind] = self._embedded(kind)
            url = self._own[kind].ensure()
            if roles_of is None:
                # What names the usual superuser runs here as well.
                make_superuser(self._databases, url, SUPERUSER)
            elif kind not in self._entered and self._prepared_for != roles_of:
                copy_roles(self._databases, roles_of, url, _KEEPER)
        return url

    def _kind(self, roles_of: str | None) -> _Kind:
        return _PLAIN if roles_of is None else _Kind(self._near(roles_of), with_roles=True)

    def _near(self, server: str) -> int:
        """The version of ours that is nearest to another server's."""
        return _near(int(self._databases.query(server, _MAJOR).values[0][0]))

    def _may_create(self, server: str) -> bool:
        rows = self._databases.query(server, _MAY_CREATE).values
        return bool(rows and rows[0][0])


def _near(major: int) -> int:
    return _OLDER if major <= _OLDER else _NEWEST


def _data(place: Path, kind: _Kind) -> Path:
    version = "" if kind.major == _NEWEST else str(kind.major)
    return place / f"{'roles' if kind.with_roles else 'pgdata'}{version}"


def _name(purpose: str) -> str:
    words = _PURPOSE.sub("", purpose.lower())[:12] or "any"
    return f"{_PREFIX}{words}_{own_mark()}_{secrets.token_hex(2)}"


def _mark(name: str) -> str:
    return name.removeprefix(_PREFIX).partition("_")[2]
