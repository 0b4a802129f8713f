"""Throw-away databases that are gone afterwards, and after a crash at the next sweep.

Beside the service's own database where its role may create some, so that versions, locales and roles are
the same. Else on a throw-away server of this process, to which the service's roles are copied by name.
"""

import atexit
import hashlib
import re
import secrets
import shutil
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Self

from hotelctl.adapters.contained import MARK, ContainedPostgres, Containers, discard
from hotelctl.adapters.copied_roles import copy_roles, lent_roles, make_superuser
from hotelctl.adapters.embedded import SUPERUSER, EmbeddedPostgres
from hotelctl.adapters.later import Later
from hotelctl.adapters.overheard import READABLE, Overheard, overheard
from hotelctl.adapters.owner_mark import is_dead, own_mark
from hotelctl.adapters.postgres_pattern import Ahead, Pattern
from hotelctl.adapters.postgres_tools import EMBEDDED_MAJOR, wheel_directory
from hotelctl.adapters.postgres_url import Address
from hotelctl.config.release_env import with_database
from hotelctl.core.errors import NotOffered, StepFailed, Unavailable
from hotelctl.core.ports import Databases

_PREFIX = "hotelctl_scratch_"
_PURPOSE = re.compile(r"[^a-z0-9]+")
# A name that no other server has: the role `postgres` of one need not be a superuser there.
_KEEPER = "hotelctl_scratch"
# Data that nobody keeps need not reach the disk.
_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", **READABLE}
_MAY_CREATE = "SELECT rolsuper OR rolcreatedb FROM pg_catalog.pg_roles WHERE rolname = current_user"
_VERSION = "SELECT current_setting('server_version')"
_OFFERED = "SELECT name FROM pg_catalog.pg_available_extensions WHERE name = ANY(%s)"
_MAJOR = "SELECT current_setting('server_version_num')::int / 10000"
# The versions that the wheel brings: an older server is nearer to the older one.
_OLDER, _NEWEST = 16, EMBEDDED_MAJOR
_LEFT = "SELECT datname FROM pg_catalog.pg_database WHERE datname LIKE 'hotelctl\\_scratch\\_%'"


class _Kind(NamedTuple):
    """A throw-away server: those with the roles of another one are nobody else's.

    With an `image` it is in a container; without, it is the wheel's.
    """

    major: int
    with_roles: bool
    image: str = ""


_PLAIN = _Kind(_NEWEST, with_roles=False)
_KINDS = (_PLAIN, *(_Kind(major, with_roles=True) for major in (_OLDER, _NEWEST)))


class Scratch:
    """`server` is the service's own URL, None where there is none; throw-away servers live below `root`."""

    def __init__(
        self,
        databases: Databases,
        server: str | None,
        root: Path,
        *,
        patterns: Path | None = None,
        containers: Containers | None = None,
        low_priority: bool = True,
    ) -> None:
        """Nothing is made before the first scratch. With `low_priority` its servers stand behind others.

        Below `patterns`, where it is given, stays what makes the next throw-away server sooner. By
        `containers` there are servers for what the wheel's lacks.
        """
        self._databases = databases
        self._server = server
        self._root = root
        self._pattern = None if patterns is None else Pattern(patterns)
        self._containers = containers
        self._low_priority = low_priority
        self._own: dict[_Kind, EmbeddedPostgres] = {}
        self._ahead: list[Ahead] = []
        self._contained: dict[_Kind, ContainedPostgres] = {}
        self._swept = False
        self._guard = threading.Lock()
        # Roles are a whole server's: those of two blocks at once would come into each other's way.
        self._roles = threading.RLock()
        self._entered: list[_Kind] = []
        # Whose roles `prepare` has copied, as long as no block has run there since.
        self._prepared_for = ""

    @property
    def in_a_container(self) -> bool:
        """Whether any throw-away server of this process was to be in a container."""
        return bool(self._contained)

    @contextmanager
    def scratch(self, purpose: str, *, offering: Collection[str] = ()) -> Iterator[str]:
        """The owner's URL of a new empty database; dropped however the block ends.

        Raises:
            Unavailable: neither the given server nor a throw-away one can hold it; as by `apart`.

        """
        server = self._server
        if server is not None and self._may_create(server):
            with self._database(lambda: server, purpose) as url:
                yield url
        else:
            with self.apart(purpose, roles_of=server, offering=offering) as url:
                yield url

    @contextmanager
    def apart(
        self, purpose: str, *, roles_of: str | None = None, offering: Collection[str] = ()
    ) -> Iterator[str]:
        """The same on a throw-away server always: what runs there may make roles and load of its own.

        It has the roles of the server `roles_of` and their rights, where one is given, and is of a version
        near to it; then other threads wait for their own until the block ends. Where the wheel's lacks an
        extension of `offering`, it is in a container.

        Raises:
            NotOffered: no container's has it either.
            Unavailable: the wheel of the throw-away server is not installed; or, after the block, the
                container that it was in ended meanwhile.

        """
        if roles_of is None:
            kind = self._fitting(self._kind(None), None, offering)
            with self._lasting(kind), self._database(lambda: self._own_server(None, kind), purpose) as url:
                yield url
            return
        with self._roles:
            kind = self._fitting(self._kind(roles_of), roles_of, offering)
            place = self._own_server(roles_of, kind)
            self._prepared_for = ""
            self._entered.append(kind)
            try:
                with self._lasting(kind), self._database(lambda: place, purpose) as url:
                    yield url
            finally:
                self._entered.pop()

    def _fitting(self, kind: _Kind, roles_of: str | None, offering: Collection[str]) -> _Kind:
        """That kind where its server offers all of them, else one in a container that does."""
        if not offering:
            return kind
        url = self._started(kind)
        lacking = self._lacking(url, offering)
        if not lacking:
            return kind
        version = str(self._databases.query(url, _VERSION).values[0][0])
        if self._containers is None:
            raise NotOffered(version, lacking, "no container engine is asked here")
        major = _NEWEST if roles_of is None else int(self._databases.query(roles_of, _MAJOR).values[0][0])
        contained = kind._replace(major=major, image=self._containers.image(major))
        try:
            still = self._lacking(self._started(contained), lacking)
        except Unavailable as trouble:
            raise NotOffered(version, lacking, trouble.reason) from trouble
        if still:
            raise NotOffered(
                version, lacking, f"that of the image {contained.image} lacks {', '.join(still)}"
            )
        return contained

    def _lacking(self, url: str, offering: Collection[str]) -> tuple[str, ...]:
        offered = {str(name) for (name,) in self._databases.query(url, _OFFERED, (sorted(offering),)).values}
        return tuple(sorted(set(offering) - offered))

    @contextmanager
    def _lasting(self, kind: _Kind) -> Iterator[None]:
        """What went wrong inside is not the block's fault where its container ended meanwhile."""
        server = self._contained.get(kind)
        if server is None:
            yield
            return
        try:
            yield
        except Exception:
            server.require_running()
            raise
        server.require_running()

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

        A server or an engine that does not answer, or does not end, keeps its leftovers until the next sweep.
        """
        self._swept = True
        for place in sorted(self._root.glob("*")):
            if is_dead(place.name):
                with suppress(Unavailable, StepFailed):
                    for kind in _KINDS:
                        EmbeddedPostgres(_data(place, kind)).stop(discarded=True)
                    for mark in place.glob(f"*/{MARK}"):
                        discard(mark, self._containers.environ if self._containers else {})
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
            left = [one for one in self._contained.values() if not one.stopped()]
            # One place holds them all: without its data a server that still runs could not be found.
            if not left:
                for place in [one.pgdata for one in (self._own | self._contained).values()]:
                    shutil.rmtree(place.parent, ignore_errors=True)
            for coming in self._ahead:
                coming.end()
            self._ahead.clear()
            if self._own or self._contained:
                self._own.clear()
                self._contained.clear()
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
            self._own_place(kind),
            _SETTINGS,
            major=kind.major,
            superuser=_KEEPER,
            pattern=self._pattern,
            beside=self._low_priority,
        )

    def _started(self, kind: _Kind) -> str:
        """The throw-away server of this process, whatever roles it has."""
        with self._guard:
            if not (self._own or self._contained):
                atexit.register(self.close)
            if not kind.image:
                return self._own.setdefault(kind, self._embedded(kind)).ensure()
            if self._containers is None:
                raise Unavailable("no container engine is asked here")
            place = self._own_place(kind)
            made = ContainedPostgres(place, kind.image, self._containers, _SETTINGS, _KEEPER)
            return self._contained.setdefault(kind, made).ensure()

    def _own_server(self, roles_of: str | None, kind: _Kind | None = None) -> str:
        """The throw-away server of this process, with the roles of another one."""
        kind = kind or self._kind(roles_of)
        url = self._started(kind)
        with self._guard:
            if roles_of is None:
                # What names the usual superuser runs here as well.
                make_superuser(self._databases, url, SUPERUSER)
            elif kind not in self._entered and (kind.image or self._prepared_for != roles_of):
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


def is_scratch(url: str) -> bool:
    """Whether the database is one of those that are gone afterwards."""
    return Address(url).database.startswith(_PREFIX)


def _near(major: int) -> int:
    return _OLDER if major <= _OLDER else _NEWEST


def _data(place: Path, kind: _Kind) -> Path:
    version = "" if kind.major == _NEWEST else str(kind.major)
    image = hashlib.sha256(kind.image.encode()).hexdigest()[:8] if kind.image else ""
    return place / f"{'roles' if kind.with_roles else 'pgdata'}{version}{image}"


def _name(purpose: str) -> str:
    words = _PURPOSE.sub("", purpose.lower())[:12] or "any"
    return f"{_PREFIX}{words}_{own_mark()}_{secrets.token_hex(2)}"


def _mark(name: str) -> str:
    return name.removeprefix(_PREFIX).partition("_")[2]
