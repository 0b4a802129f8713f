import dataclasses
from pathlib import Path
from typing import Any

import pytest

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ports import Rows
from hotelctl.core.work import Migrated
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_estimate import MigrationEstimate
from hotelctl.facts.migration_run import MigrationPlace, MigrationRun, WrittenStatement
from hotelctl.facts.migration_set import from_sql
from hotelctl.facts.schema_text import LiveDump
from hotelctl.probes.migration_estimate import migration_estimate
from tests.checks import made
from tests.facts.traces import ALONE, BASE, did, trace, with_column, with_file
from tests.probes.worlds import MIGRATES, URL, World

SQL = "ALTER TABLE rooms ALTER name TYPE text"
SOURCES = {"migrations/1.sql": b"", "migrations/2.sql": f"-- longer\n{SQL};\n".encode()}
KNOWN = from_sql(SOURCES)
PLACE = MigrationPlace(Path("/throw-away/source"), Path("/throw-away/venv"))
DUMP = "CREATE TABLE public.rooms ();"
LIVE, COPY = ("public.rooms", 5_000_000, 800_000_000), ("public.rooms", 200_000, 20_000_000)
NOTED = "INSERT INTO schema_migrations (name, sha256) VALUES ('2.sql', 'x')"
SLOW = did(
    SQL, with_file(with_column(BASE, type="text"), 999), duration_ms=1500.0, wal_bytes=1_000_000, **ALONE
)


def run(rows: int = 5_000_000, tables: tuple[str, ...] = ("public.rooms",), **fields: Any) -> MigrationRun:  # noqa: ANN401 - its fields
    """Pending migrations that touch these tables, of which the rooms hold so many rows."""
    statement = WrittenStatement(SQL, "2.sql", 1, 1.0, tables=tables)
    return dataclasses.replace(
        made.migration_run(), watched=(statement,), rows={"public.rooms": rows, "public.notes": 3}, **fields
    )


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Live tables of some size, and a copy on which the migration took a while."""
    one = World(
        migrations={"kind": "sql", "directory": "migrations", "lock_limit_s": 2, "wal_limit_bytes": 7}
    )
    for path, text in SOURCES.items():
        one.write(path, text)
    one.files.make_directory(PLACE.source)
    one.databases.answer("FROM schema_migrations", ("n", "s"), [("1.sql", "abc")])
    one.tracer.answers = [(trace(SLOW, did(NOTED, None)),)]
    query = one.databases.query

    def sized(url: str, sql: str, params: Any = ()) -> Rows:  # noqa: ANN401 - as the port has it
        if "pg_table_size" in sql:
            assert params == (["public.rooms"],)
            return Rows(("n", "r", "b"), (LIVE if url == URL else COPY,), "ev-9")
        return query(url, sql, params)

    monkeypatch.setattr(one.databases, "query", sized)
    return one


def estimated(world: World, ran: MigrationRun) -> MigrationEstimate:
    """What the probe makes of it."""
    return migration_estimate(world.context(), KNOWN, ran, PLACE, LiveDump(DUMP))


def test_what_took_a_while_on_the_copy_is_scaled_to_the_live_table(world: World) -> None:
    fact = estimated(world, run())
    (one,) = fact.statements
    assert (one.table, one.rows, one.measured_rows, one.sql) == ("public.rooms", 5_000_000, 200_000, SQL)
    assert one.low_s == pytest.approx(0.5 * 1.5 * 32.5), "25 times the rows, forty times the bytes"
    assert one.wal_bytes == 32_500_000
    (hold,) = fact.holds
    assert (hold.table, hold.path, hold.line, hold.revision) == (
        "public.rooms",
        "migrations/2.sql",
        2,
        "2.sql",
    )


def test_the_limits_are_those_of_the_service_file(world: World) -> None:
    fact = estimated(world, run())
    assert (fact.lock_limit_s, fact.duration_limit_s, fact.wal_limit_bytes) == (2, 900, 7)


def test_the_copy_is_of_the_live_schema_and_holds_as_many_rows_as_tell_something(world: World) -> None:
    estimated(world, run())
    assert world.tracer.asked == [("hotelctl_scratch_shadow", False, 20)]
    assert world.tracer.many == [{"public.rooms": 200_000}]
    assert [step for step, _ in world.work.upgrades] == ["hotelctl_scratch_shadow_00000001"]
    estimated(world, run(rows=30_000))
    assert world.tracer.many[-1] == {"public.rooms": 30_000}


def test_what_a_new_foreign_key_will_join_has_rows_that_meet_it(world: World) -> None:
    reference = made.hazard(
        HazardKind.SCAN, definition='FOREIGN KEY ("a""b") REFERENCES public.notes(id)', part="rooms_fk"
    )
    both = dataclasses.replace(
        run(tables=("public.rooms", "public.notes")), found=made.migration_run(reference).found
    )
    estimated(world, both)
    assert world.tracer.many == [{"public.rooms": 200_000, "public.notes": 3, 'public.rooms.a"b': 3}]
    estimated(world, dataclasses.replace(both, rows={"public.rooms": 5_000_000}))
    assert world.tracer.many[-1] == {"public.rooms": 200_000, 'public.rooms.a"b': 20}


def test_the_copy_is_analysed_before_its_size_is_asked_and_the_live_database_is_not_touched(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    execute, query = world.databases.execute, world.databases.query

    def done(url: str, sql: str, params: Any = ()) -> None:  # noqa: ANN401 - as the port has it
        assert url != URL
        steps.append(sql)
        execute(url, sql, params)

    def asked(url: str, sql: str, params: Any = ()) -> Rows:  # noqa: ANN401 - same
        steps.extend(["size"] if url != URL and "pg_table_size" in sql else [])
        return query(url, sql, params)

    monkeypatch.setattr(world.databases, "execute", done)
    monkeypatch.setattr(world.databases, "query", asked)
    estimated(world, run())
    assert steps[-2:] == ["VACUUM ANALYZE", "size"]


def test_a_migration_that_made_up_rows_stop_is_measured_on_plain_ones(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = iter([_stopped("null value"), world.work.migrated, _stopped("null value"), _stopped("still")])
    monkeypatch.setattr(world.work, "migrate", lambda *_words: next(ends))
    assert len(estimated(world, run()).statements) == 1
    assert world.tracer.plain == [False, True]
    with pytest.raises(Unavailable, match="on a copy with many made-up rows the migrations stop: still"):
        estimated(world, run())


def test_what_the_live_role_could_not_prove_here_is_measured_as_a_superuser(world: World) -> None:
    world.databases.answer("SELECT session_user", ("who", "..."), [("deployer", *MIGRATES[1:])])
    for why in ("", "rds_superuser gives no right"):
        migration_estimate(world.context(), KNOWN, run(unproven=why), PLACE, LiveDump(DUMP))
    assert ["//deployer:" in (one or "") for one in world.tracer.entries] == [True, False]


def test_a_migration_that_stops_on_few_rows_is_not_estimated(world: World) -> None:
    with pytest.raises(Unavailable, match="what comes after cannot be estimated: no such table"):
        estimated(world, run(stopped="no such table"))
    assert world.tracer.asked == []


def test_a_large_table_for_which_no_row_could_be_made_up_is_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert estimated(world, run()).unfilled == ()
    monkeypatch.setattr("tests.probes.test_migration_estimate.COPY", ("public.rooms", 0, 0))
    assert estimated(world, run()).unfilled == ("public.rooms",)


@pytest.mark.parametrize(
    ("update", "told"),
    [("UPDATE rooms SET name = 'a' WHERE name = 'b'", 1), ("UPDATE notes SET a = '' WHERE a = 'b'", 0)],
)
def test_a_change_that_no_made_up_row_met_is_said_of_large_tables(
    world: World, update: str, told: int
) -> None:
    world.tracer.answers = [(trace(did(update, None), did(NOTED, None)),)]
    touched = run(tables=("public.rooms", "public.notes"))
    assert len(estimated(world, touched).unmet) == told


@pytest.mark.parametrize(
    ("table", "why", "told"),
    [
        ("public.rooms", Unavailable, "2.sql:7: DROP TABLE"),
        ("", Unavailable, "2.sql:7: DROP TABLE"),
        ("public.notes", NotApplicable, "touches a table"),
    ],
)
def test_what_did_not_run_has_no_known_duration_where_its_table_is_large(
    world: World, table: str, why: type[Exception], told: str
) -> None:
    hidden = made.migration_run(made.hazard(HazardKind.UNTAKEN, table=table, detail="DROP TABLE")).found
    with pytest.raises(why, match=told):
        estimated(world, run(tables=(), found=hidden))


def _stopped(why: str) -> Migrated:
    return Migrated(ok=False, revision="1.sql", applied=(), why=why)


def test_without_live_sizes_the_question_does_not_arise(world: World) -> None:
    with pytest.raises(NotApplicable, match="no live database tells"):
        estimated(world, dataclasses.replace(run(), rows={}))


@pytest.mark.parametrize("ran", [run(rows=9_999), run(tables=("public.notes",)), run(tables=())])
def test_where_nothing_that_runs_touches_a_large_table_no_copy_is_made(
    world: World, ran: MigrationRun
) -> None:
    with pytest.raises(NotApplicable, match="touches a table of 10,000 live rows"):
        estimated(world, ran)
    assert world.tracer.asked == []
