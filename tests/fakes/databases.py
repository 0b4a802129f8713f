"""PostgreSQL servers in memory: enough of them to create, dump, restore and count."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hotelctl.adapters.later import Later
from hotelctl.core.dumped import Checksum, Dumped, TableCount
from hotelctl.core.errors import NotOffered, StepFailed, Unavailable
from hotelctl.core.moving import Watcher
from hotelctl.core.ports import EvidenceLog, Files, Rows
from tests.fakes.evidence import FakeEvidence
from tests.fakes.files import FakeFiles


@dataclass
class FakeDatabase:
    """`ddl` is what `schema` answers; `tables` holds rows; `executed` every statement."""

    ddl: str = ""
    owned: str = ""
    tables: dict[str, list[list[Any]]] = field(default_factory=dict)
    executed: list[str] = field(default_factory=list)
    logins: dict[str, str] = field(default_factory=dict)


class FakeDatabases:
    """One server with databases by name; `down` makes every call Unavailable with that reason."""

    def __init__(self, *names: str, files: Files | None = None, evidence: EvidenceLog | None = None) -> None:
        self.evidence = evidence or FakeEvidence()
        self.files = files or FakeFiles()
        self.databases = {name: FakeDatabase() for name in (*names, "postgres")}
        self.down: str | None = None
        self._answers: list[tuple[str, str, tuple[str, ...], list[tuple[Any, ...]]]] = []
        self._effects: list[tuple[str, Callable[[FakeDatabase], None]]] = []

    def answer(self, part: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], at: str = "") -> None:
        """Answer queries that contain `part`, of URLs that contain `at`."""
        self._answers.insert(0, (part, at, tuple(columns), [tuple(row) for row in rows]))

    def effect(self, part: str, change: Callable[[FakeDatabase], None]) -> None:
        """What executing a statement that contains `part` does; it may raise `StepFailed`."""
        self._effects.append((part, change))

    def at(self, url: str) -> FakeDatabase:
        """The database that `url` names. Raises `Unavailable` as the real one does."""
        name = urlsplit(url).path.lstrip("/") or "postgres"
        if self.down:
            raise Unavailable(self.down)
        if name not in self.databases:
            raise Unavailable(f"the database server has no database {name!r}")
        return self.databases[name]

    def query(self, url: str, sql: str, params: Sequence[Any] = ()) -> Rows:
        """What was prepared. Raises AssertionError for a query that nobody expected."""
        self.at(url)
        evidence = self.evidence.record("postgres", {"statement": sql, "params": len(params)})
        for part, where, columns, rows in self._answers:
            if part in sql and where in url:
                return Rows(columns, tuple(rows), evidence)
        raise AssertionError(f"no answer is prepared for {sql}")

    def execute(self, url: str, sql: str, params: Sequence[Any] = ()) -> None:
        """Keep the statement and do its effects."""
        database = self.at(url)
        self.evidence.record("postgres", {"statement": sql, "params": len(params)})
        for part, change in self._effects:
            if part in sql:
                change(database)
        database.executed.append(sql)

    def execute_each(self, url: str, statements: Sequence[str]) -> None:
        """One after the other, as `execute` does each."""
        for one in statements:
            self.execute(url, one)

    def allow_login(self, url: str, role: str, password: str) -> None:
        """Keep the pair in `logins`; the record holds no password."""
        self.evidence.record("postgres", {"operation": "allow_login", "role": role})
        self.at(url).logins[role] = password

    def create(self, url: str, name: str) -> str:
        """Empty; kept when it is there."""
        self.at(url)
        self.databases.setdefault(name, FakeDatabase())
        return urlsplit(url)._replace(path=f"/{name}").geturl()

    def drop(self, url: str, name: str) -> None:
        """Gone."""
        if self.down:
            raise Unavailable(self.down)
        assert urlsplit(url).scheme.startswith("postgres")
        self.databases.pop(name, None)

    def schema(self, url: str, *, owners: bool = False) -> str:
        """`ddl`, and `owned` behind it where owners are asked for."""
        self.evidence.record("postgres", {"operation": "schema"})
        return self.at(url).ddl + (self.at(url).owned if owners else "")

    def dump(self, url: str, destination: Path, watcher: Watcher | None = None) -> Dumped:  # noqa: ARG002
        """One JSON file in the directory."""
        database = self.at(url)
        data = json.dumps({"ddl": database.ddl, "tables": database.tables}).encode()
        self.files.write_durable(destination / "toc.json", data)
        return Dumped(self.counts(url), database.ddl, 18, "7", "0/1", "gzip")

    def restore(
        self,
        source: Path,
        url: str,
        watcher: Watcher | None = None,  # noqa: ARG002 - the port's signature
        only: Collection[str] | None = None,
    ) -> None:
        """What `dump` wrote, of rows only those that are asked for.

        Raises `StepFailed` when the target is not empty or the dump is damaged.
        """
        database = self.at(url)
        if database.ddl or database.tables:
            raise StepFailed("the database to restore into is not empty")
        try:
            data = json.loads(self.files.read(source / "toc.json"))
        except (FileNotFoundError, ValueError) as error:
            raise StepFailed(f"{source}: the dump cannot be read") from error
        rows = {name: one if only is None or name in only else [] for name, one in data["tables"].items()}
        database.ddl, database.tables = data["ddl"], rows

    @contextmanager
    def migrating(self, url: str, watcher: Watcher) -> Iterator[None]:
        """Tells at once that something moves there."""
        self.at(url)
        watcher.tell("CREATE INDEX public.t: building index")
        yield

    def counts(
        self,
        url: str,
        watcher: Watcher | None = None,  # noqa: ARG002 - the port's signature
        checksum: Checksum = Checksum.COLUMNS,
    ) -> Mapping[str, TableCount]:
        """Rows, and a checksum that does not depend on their order."""
        tables = self.at(url).tables
        self.evidence.record("postgres", {"operation": "counts"})
        return {
            name: TableCount(len(rows), f"{checksum}{_checksum(rows)}")
            for name, rows in sorted(tables.items())
        }


def _checksum(rows: list[list[Any]]) -> str:
    return hashlib.sha256("\n".join(sorted(json.dumps(row) for row in rows)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class FakeOverheard:
    """A database at `url`, and what the test lets its server write."""

    url: str
    scratch: "FakeScratch"

    def log(self) -> bytes:
        """What the test said until now."""
        return self.scratch.written


class FakeScratch:
    """Scratch databases on the fake server; `made` lists the names, `open_names` those not yet dropped."""

    def __init__(self, databases: FakeDatabases, offered: Collection[str] = ()) -> None:
        self._databases = databases
        self.offered = frozenset(offered)
        self.offering: frozenset[str] = frozenset()
        self.made: list[str] = []
        self.open_names: set[str] = set()
        self.given: list[str] = []
        self.roles_of: list[str | None] = []
        self.written = b""
        self.prepared: list[str] = []
        self.lent: list[str | None] = []

    def prepare(self, *, roles_of: str) -> None:
        """It is there already; `prepared` keeps for whom it was asked."""
        self.prepared.append(roles_of)

    def apart(
        self, purpose: str, *, roles_of: str | None = None, offering: Collection[str] = ()
    ) -> AbstractContextManager[str]:
        """There is only one server here, so all roles are there; `roles_of` keeps whose they would be.

        Which extensions it offers, whoever made the world says; no container stands in for it.
        """
        assert roles_of is None or self._databases.at(roles_of) is not None
        self.roles_of.append(roles_of)
        if lacking := tuple(sorted(set(offering) - self.offered)):
            raise NotOffered("18.4", lacking, "no container engine is asked here")
        return self.scratch(purpose)

    @contextmanager
    def scratch(self, purpose: str, *, offering: Collection[str] = ()) -> Iterator[str]:
        """Dropped also when the block fails; for `offering` it is beside the service's own."""
        self.offering = frozenset(offering)
        name = f"hotelctl_scratch_{purpose}_{len(self.made) + 1:08x}"
        url = self._databases.create("postgresql://owner@db.invalid/postgres", name)
        self.made.append(name)
        self.open_names.add(name)
        try:
            yield url
        finally:
            self._databases.drop(url, name)
            self.open_names.discard(name)

    @contextmanager
    def overheard(self, purpose: str) -> Iterator[FakeOverheard]:
        """As `apart`; `written` is what the server wrote meanwhile."""
        with self.apart(purpose) as url:
            yield FakeOverheard(url, self)

    def major(self, near: int) -> int | None:
        """As of the wheel."""
        return 16 if near <= 16 else 18

    def on(self, server: str, purpose: str, *, roles_of: str | None = None) -> AbstractContextManager[str]:
        """There is only one server here; `given` keeps which was named, `lent` whose roles it would get."""
        self.given.append(server)
        self.lent.append(roles_of)
        return self.scratch(purpose)

    @contextmanager
    def later(self, purpose: str) -> Iterator[Later]:
        """Made when it is asked for first."""
        with ExitStack() as open_ones:
            yield Later(
                f"postgresql://owner@db.invalid/hotelctl_scratch_{purpose}",
                lambda: open_ones.enter_context(self.scratch(purpose)),
            )
