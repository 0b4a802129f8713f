"""Migrations that need an extension which the shadow lacks are not run, and it is said which and where."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.scratch import Scratch
from hotelctl.core.errors import Unavailable
from hotelctl.facts.live_database import DatabaseStand
from hotelctl.facts.migration_run import MigrationPlace, MigrationRun
from hotelctl.facts.migration_trace import Trace
from hotelctl.facts.schema_text import LiveDump
from hotelctl.probes.migration_run import migration_run
from hotelctl.probes.migration_set import migration_set
from hotelctl.probes.registry import PROBES, WHERE_SQL_MIGRATES
from tests.probes.worlds import PROJECT, URL, World


@dataclass
class _Watching:
    """Keeps where migrations were run."""

    urls: list[str] = field(default_factory=list)
    url: str = ""

    @contextmanager
    def watched(self, url: str, *, apart: bool, rows: int, plain: bool, entry: str) -> Iterator["_Watching"]:
        assert entry == url, "no live database tells who migrates"
        assert apart in (True, False)
        assert not plain
        assert rows >= 0
        self.urls.append(url)
        self.url = url
        yield self

    def traces(self) -> tuple[Trace, ...]:
        return ()


def _world(offered: Sequence[str], applied: Sequence[str] = ()) -> tuple[World, _Watching]:
    world, watching = World(), _Watching()
    world.tracer = watching  # type: ignore[assignment]  # the port, not its fake
    place = MigrationPlace(PROJECT, world.workspace / "venv")
    world.probes = {**PROBES, **WHERE_SQL_MIGRATES, MigrationPlace: lambda _context: place}
    world.databases.answer("current_database(), current_setting", ("a", "b", "c"), [("live", "18.4", "o")])
    world.databases.answer("SELECT o.kind", ("t",), [])
    world.databases.answer("rolcanlogin", ("a", "b", "c", "d"), [(True, False, False, False)])
    world.databases.answer("c.relowner", ("t",), [])
    world.databases.answer("SELECT current_setting('server_version')", ("v",), [("18.4",)])
    world.databases.answer("c.reltuples", ("t", "n"), [])
    world.databases.answer("SELECT name, sha256", ("n", "s"), [(name, "0") for name in applied])
    world.offered = frozenset(offered)
    world.work.applied = tuple(applied)
    return world, watching


def test_from_empty_every_file_counts() -> None:
    world, watching = _world(["plpgsql", "vector"])
    world.write("migrations/1.sql", "CREATE EXTENSION vector;\nCREATE EXTENSION pg_trgm;\n")
    world.write("migrations/2.sql", "CREATE EXTENSION IF NOT EXISTS pg_trgm;\nCREATE EXTENSION citext;\n")
    assert world.why_not(MigrationRun) == (
        "Unavailable: the migrations were not run: the throw-away PostgreSQL 18.4 does not offer citext "
        "(migrations/2.sql:2), pg_trgm (migrations/1.sql:2), and no container stands in: no container engine "
        "is asked here; name a server that does by migrations.shadow_url_env"
    )
    assert not watching.urls


def test_of_a_live_database_its_schema_counts_and_what_is_pending() -> None:
    world, watching = _world(["citext"], ["1.sql"])
    world.write("migrations/1.sql", "CREATE EXTENSION long_gone;\n")
    world.write("migrations/2.sql", "CREATE EXTENSION pg_trgm;\n")
    world.databases.at(URL).ddl = 'CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA "public";\n'
    why = world.why_not(MigrationRun)
    assert "does not offer btree_gist (in the live schema), pg_trgm (migrations/2.sql:1), and" in why
    assert not watching.urls


def test_what_is_offered_or_not_asked_for_stops_nothing() -> None:
    for text in ("CREATE EXTENSION citext;\n", "SELECT 1;\n"):
        world, watching = _world(["citext"])
        world.write("migrations/1.sql", text)
        assert world.fact(MigrationRun).server == "18.4"
        assert len(watching.urls) == 1


@pytest.mark.database
def test_a_real_server_tells_what_it_offers(tmp_path: Path) -> None:
    world, watching = _world([])
    world.write("migrations/1.sql", "CREATE EXTENSION IF NOT EXISTS plpgsql;\n")
    processes = LocalProcesses(world.evidence, SystemClock(), {})
    real = PostgresDatabases(processes, world.evidence, SystemClock())
    place = MigrationPlace(PROJECT, world.workspace / "venv")
    stand = DatabaseStand(None)
    with Scratch(real, None, tmp_path / "scratch") as scratch:
        context = replace(world.context(), databases=real, scratch=scratch)
        assert migration_run(context, migration_set(context), stand, place, LiveDump("")).server
        assert len(watching.urls) == 1
        world.write("migrations/1.sql", "CREATE EXTENSION never_was;\n")
        with pytest.raises(Unavailable, match=r"does not offer never_was \(migrations/1.sql:1\)"):
            migration_run(context, migration_set(context), stand, place, LiveDump(""))
