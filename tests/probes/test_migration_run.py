from pathlib import Path

import psycopg
import pytest

from hotelctl.core.references import Change
from hotelctl.core.work import Migrated
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.implied_statements import Tried
from hotelctl.facts.migration_run import MigrationPlace, MigrationRun
from hotelctl.facts.migration_trace import SqlError, Trace, Traced
from hotelctl.probes.migration_run import _SIZES
from hotelctl.probes.registry import PROBES, WHERE_SQL_MIGRATES
from tests.facts.traces import ALONE, BASE, ROOMS, changed, constraint, did, trace, with_column
from tests.fakes.databases import FakeDatabase
from tests.probes.test_artifact import _wheel
from tests.probes.test_live_database import _world
from tests.probes.worlds import URL, World, completed

_MORE = "ALTER TABLE rooms ADD more int"
_DUMP = "\\restrict x\nCREATE TABLE rooms ();\n\\unrestrict x\nCREATE TABLE notes ();"


def _note(name: str) -> Traced:
    return did(f"INSERT INTO schema_migrations (name, sha256) VALUES ('{name}', 'x')", None)  # noqa: S608 - a name of this test


def _refused(sqlstate: str) -> tuple[Trace, ...]:
    return (trace(did(_MORE, None, error=SqlError(sqlstate, "no"), **ALONE)),)


SEEN = (trace(did(_MORE, with_column(BASE, 3), **ALONE), _note("2.sql"), _note("3.sql")),)


def _ready(world: World) -> World:
    """Three files, of which the second is worth a word."""
    world.work.wheel = _wheel()
    for name, text in (("1.sql", "x"), ("2.sql", f"-- more\n{_MORE};"), ("3.sql", "x")):
        world.write(f"migrations/{name}", text)
    world.databases.answer("SELECT current_setting('server_version')", ("v",), [("18.4",)])
    world.databases.answer("reltuples", ("n", "r"), [("public.rooms", 5_000_000)])
    world.databases.answer("FROM schema_migrations", ("a", "b"), [("1.sql", "e3b0c442")])
    world.databases.answer("extname = 'pg_stat_statements'", ("schema",), [])
    world.tracer.answers = [SEEN]
    return world


@pytest.fixture
def live() -> World:
    """A database that has the first of them."""
    world = _ready(_world())
    world.databases.at(URL).ddl = _DUMP
    return world


@pytest.fixture
def empty() -> World:
    """A service of which no database lives."""
    return _ready(World(database=None))


def test_what_is_pending_runs_on_a_shadow_of_the_live_schema(live: World) -> None:
    run: MigrationRun = live.fact(MigrationRun)
    assert (run.ground, run.server) == ("the schema of live at 1.sql", "18.4")
    assert (run.revisions, run.statements, run.stopped) == (("2.sql", "3.sql"), 3, "")
    assert run.rows == {"public.rooms": 5_000_000}
    assert live.tracer.asked == [("hotelctl_scratch_shadow", False, 20)]
    (one,) = run.found
    assert (one.hazard.kind, one.revision, one.path, one.line) == (
        HazardKind.CACHED_PLAN,
        "2.sql",
        "migrations/2.sql",
        2,
    )


def test_the_migrations_go_by_way_of_the_tracer(live: World) -> None:
    live.fact(MigrationRun)
    ((database, revision),) = live.work.upgrades
    assert database.startswith("hotelctl_scratch_shadow_0")
    assert revision is None


def test_the_shadow_has_schema_ledger_and_roles_and_the_live_server_none_of_it(live: World) -> None:
    shadows: list[FakeDatabase] = []
    live.databases.effect("", shadows.append)
    live.fact(MigrationRun)
    loaded, settled, noted = shadows[-1].executed
    assert settled.startswith('ALTER DATABASE "hotelctl_scratch_shadow_')
    assert [loaded, noted] == [
        "CREATE TABLE rooms ();\nCREATE TABLE notes ();",
        "INSERT INTO schema_migrations (name, sha256) VALUES (%s, %s)",
    ]
    assert live.databases.at(URL).executed == []
    assert live.scratch.roles_of == live.scratch.prepared == [URL]
    assert len(live.scratch.made) == 1
    assert live.scratch.open_names == set()


def test_plain_statements_of_the_runtime_role_that_end_otherwise_afterwards(live: World) -> None:
    live.tracer.trials = [Tried(1), Tried(0, "42703", "no such column")]
    run: MigrationRun = live.fact(MigrationRun)
    assert live.tracer.roles == ["app", "app", "app"]
    assert run.broken
    live.tracer.trials = [Tried(1)]
    assert live.fact(MigrationRun).broken == ()


def test_nothing_pending_is_no_question(live: World) -> None:
    live.work.applied = ("1.sql", "2.sql", "3.sql")
    assert live.why_not(MigrationRun).startswith("NotApplicable: no migration is pending: live is at 1.sql, ")
    assert live.tracer.asked == []


def test_without_a_live_database_all_run_and_the_newest_counts(empty: World) -> None:
    run: MigrationRun = empty.fact(MigrationRun)
    assert (run.revisions, run.found, run.rows) == (("3.sql",), (), {})
    assert run.ground == "an empty database, one revision after the other"
    assert empty.tracer.asked == [("hotelctl_scratch_shadow", True, 20)]
    assert empty.scratch.roles_of == [None]


def test_of_a_database_that_was_never_migrated_the_same(live: World) -> None:
    live.work.applied = ()
    assert live.fact(MigrationRun).revisions == ("3.sql",)


def _change(*touched: str) -> Change:
    return Change("c" * 40, frozenset(touched), frozenset(), frozenset())


def test_with_a_change_those_count_that_it_touches(empty: World) -> None:
    empty.change = _change("migrations/2.sql", "thing.py")
    run: MigrationRun = empty.fact(MigrationRun)
    assert (run.revisions, [one.revision for one in run.found]) == (("2.sql",), ["2.sql"])
    empty.change = _change("thing.py")
    assert empty.why_not(MigrationRun) == (
        "NotApplicable: the change touches no migration, and no database lives here"
    )


def test_before_a_live_database_whatever_is_pending_counts(live: World) -> None:
    live.change = _change("migrations/3.sql")
    assert live.fact(MigrationRun).revisions == ("2.sql", "3.sql")


@pytest.mark.parametrize("sqlstate", ["23502", "22P02"])
def test_rows_that_stand_in_the_way_are_plain_ones_in_a_second_run_and_none_in_a_third(
    live: World, sqlstate: str
) -> None:
    live.tracer.answers = [_refused(sqlstate), SEEN]
    run: MigrationRun = live.fact(MigrationRun)
    assert [rows for _, _, rows in live.tracer.asked] == [20, 20]
    assert live.tracer.plain == [False, True]
    assert [one.hazard.kind for one in run.found] == [HazardKind.CACHED_PLAN]
    live.tracer.answers = [_refused(sqlstate), _refused(sqlstate), SEEN]
    again: MigrationRun = live.fact(MigrationRun)
    assert [rows for _, _, rows in live.tracer.asked[2:]] == [20, 20, 0]
    assert [one.hazard.kind for one in again.found] == [HazardKind.CACHED_PLAN]


def test_what_made_up_rows_refused_and_no_question_asks_of_the_live_ones_is_said(live: World) -> None:
    live.tracer.answers = [_refused("23514"), SEEN]
    assert live.fact(MigrationRun).unasked == ("migrations/2.sql:2: no (23514)",)
    required = did(_MORE, with_column(BASE, 2, not_null=True), **ALONE)
    live.tracer.answers = [_refused("23502"), (trace(required, _note("2.sql"), _note("3.sql")),)]
    run: MigrationRun = live.fact(MigrationRun)
    assert (len(run.questions), run.unasked) == (1, ())
    seeded = did("INSERT INTO rooms ...", None, error=SqlError("23505", "twice"))
    live.tracer.answers = [(trace(seeded),), SEEN]
    assert live.fact(MigrationRun).unasked == ()


def test_a_rule_for_which_there_is_no_question_is_said_with_its_place(live: World) -> None:
    ruled = did(_MORE, changed(BASE, constraints={70: constraint(ROOMS, "EXCLUDE ...", "x")}), **ALONE)
    live.tracer.answers = [(trace(ruled, _note("2.sql"), _note("3.sql")),)]
    assert live.fact(MigrationRun).unasked == ("migrations/2.sql:2: public.rooms.rule EXCLUDE ...",)


def test_another_refusal_is_told_as_it_is(live: World) -> None:
    live.tracer.answers = [_refused("42P01"), SEEN]
    run: MigrationRun = live.fact(MigrationRun)
    assert len(live.tracer.asked) == 1
    assert [(one.hazard.kind, one.revision) for one in run.found] == [(HazardKind.CANNOT_RUN, "2.sql")]


@pytest.mark.parametrize(
    ("why", "told"), [("no table rooms", "no table rooms"), ("", "it failed without a word")]
)
def test_what_stopped_the_run_is_told(live: World, why: str, told: str) -> None:
    live.work.migrated = Migrated(ok=False, revision="1.sql", applied=(), why=why)
    run: MigrationRun = live.fact(MigrationRun)
    assert (run.stopped, len(run.found)) == (told, 1)


def test_a_database_that_does_not_answer_is_no_empty_one(live: World) -> None:
    live.databases.down = "connection refused"
    assert live.why_not(MigrationRun) == "Unavailable: DATABASE_URL: connection refused"


def test_a_release_that_cannot_be_installed_or_run_is_unknown(live: World) -> None:
    live.work.installed = completed(1)
    assert "could not be installed" in live.why_not(MigrationPlace)
    silent = World(migrations={"kind": "alembic", "directory": "m"})
    silent.work.wheel = _wheel()
    silent.write("m/versions/a.py", 'revision = "a"')
    assert "no migrations.command" in silent.why_not(MigrationPlace)


def test_files_of_sql_need_no_build(empty: World) -> None:
    empty.probes = {**PROBES, **WHERE_SQL_MIGRATES}
    empty.work.wheel = None
    empty.workspace = Path("/throw-away/venv")
    assert empty.fact(MigrationPlace).venv is None
    assert empty.fact(MigrationRun).revisions == ("3.sql",)


def test_a_command_that_ends_before_its_revision_is_noted_has_shown_nothing(live: World) -> None:
    live.tracer.answers = [(trace(_note("2.sql"), did("SELECT 1")),)]
    assert live.fact(MigrationRun).stopped == "the command ended well and never noted 3.sql as applied"


def test_a_revision_that_is_not_committed_did_not_run_and_is_not_taken_for_harmless(live: World) -> None:
    live.tracer.answers = [(trace(did(_MORE, with_column(BASE, 3), **ALONE), _note("2.sql")),)]
    assert live.fact(MigrationRun).stopped == "3.sql did not run: only what is committed is judged"
    live.work.migrated = Migrated(ok=False, revision="2.sql", applied=(), why="no such table")
    assert live.fact(MigrationRun).stopped == "no such table", "what was refused is the nearer reason"


@pytest.mark.database
def test_a_live_table_is_as_large_as_its_file_says_where_nobody_looked_into_it_since(
    database_url: str,
) -> None:
    rows = "SELECT g, repeat('x', 100) FROM generate_series(1, 20000) g"
    with psycopg.connect(database_url, autocommit=True) as live:
        for name in ("filled", "never", "small", "counted"):
            live.execute(f"CREATE TABLE {name} (id int, words text)".encode())
        live.execute("CREATE TABLE parted (id int) PARTITION BY LIST (id)")
        live.execute("CREATE TABLE part PARTITION OF parted DEFAULT")
        live.execute("INSERT INTO part SELECT generate_series(1, 50)")
        live.execute("VACUUM filled")
        for name in ("filled", "never"):
            live.execute(f"INSERT INTO {name} {rows}".encode())
        live.execute("INSERT INTO small VALUES (1)")
        live.execute("INSERT INTO counted SELECT generate_series(1, 50)")
        live.execute("ANALYZE counted, part")
        found = {str(name): int(number) for name, number in live.execute(_SIZES.encode())}
    assert found["public.filled"] >= 20_000, "ANALYZE knew none of them"
    assert found["public.never"] >= 20_000
    assert "public.small" not in found, "nobody looked into it, and it may grow"
    assert (found["public.counted"], found["public.parted"]) == (50, 50)
