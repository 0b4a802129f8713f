from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hotelctl.adapters import sql_migrations
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.sql_migrations import SqlMigrations
from hotelctl.core.work import Migrated
from hotelctl.facts.sql_layout import SQL_LAYOUTS
from tests.fakes.files import FakeFiles

pytestmark = pytest.mark.database
_PLACE = Path("/m")
_ROOMS = "CREATE TABLE rooms (id int); -- no semicolon; 'in a comment'"


class Service:
    """A directory of files in memory before a real database."""

    def __init__(self, url: str, databases: PostgresDatabases) -> None:
        self.url = url
        self.files = FakeFiles({_PLACE / "1_rooms.sql": _ROOMS})
        self.databases = databases
        self.sql = SqlMigrations(databases, self.files)

    def write(self, name: str, text: str) -> None:
        """One more file."""
        self.files.write_durable(_PLACE / name, text.encode())

    def migrate(self, revision: str | None = None) -> Migrated:
        """Apply what is there."""
        return self.sql.migrate(_PLACE, self.url, revision)

    def tables(self) -> set[str]:
        """Our tables."""
        rows = self.databases.query(self.url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {str(row[0]) for row in rows.values}


@pytest.fixture
def service(database_url: str, databases: PostgresDatabases) -> Service:
    return Service(database_url, databases)


def test_each_file_is_applied_once_in_name_order(service: Service) -> None:
    service.write("2_more.sql", "ALTER TABLE rooms ADD note text")
    assert service.sql.applied(service.url) == {}
    first = service.migrate()
    assert (first.ok, first.applied, first.revision) == (True, ("1_rooms.sql", "2_more.sql"), "2_more.sql")
    again = service.migrate()
    assert (again.ok, again.applied, again.revision) == (True, (), "2_more.sql")


def test_it_stops_at_the_revision_asked_for(service: Service) -> None:
    service.write("2_more.sql", "CREATE TABLE more (id int)")
    assert service.migrate("1_rooms.sql").revision == "1_rooms.sql"
    assert "more" not in service.tables()
    assert "no such migration" in service.migrate("3_lost.sql").why


def test_a_broken_file_leaves_the_one_before_it(service: Service) -> None:
    service.write("2_broken.sql", "CREATE TABLE half (id int); SELECT nothing_like_this")
    done = service.migrate()
    assert not done.ok
    assert done.why.startswith("2_broken.sql: ")
    assert "nothing_like_this" in done.why
    assert (done.revision, done.applied) == ("1_rooms.sql", ("1_rooms.sql",))
    assert service.sql.applied(service.url).keys() == {"1_rooms.sql"}
    assert "half" not in service.tables()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("1_rooms.sql", "CREATE TABLE rooms (id bigint)", "was edited"),
        ("0_early.sql", "SELECT 1", "stands before 1_rooms.sql"),
        ("2 odd.sql", "SELECT 1", "name holds"),
        ("2_own.sql", "CREATE TABLE t (id int);\ncommit;", "holds COMMIT"),
        ("2_own.sql", "CREATE TABLE t (id int);\nROLLBACK; SELECT 'x' AS to;", "holds ROLLBACK"),
        ("2_own.sql", "CREATE TABLE t (id int);\nPREPARE TRANSACTION 'x';", "holds PREPARE TRANSACTION"),
        ("2_own.sql", "SELECT 1;/**/Start\n-- now\nTransaction;", "holds START TRANSACTION"),
        ("2_own.sql", "SELECT 1;End;", "holds END"),
        ("2_own.sql", "SELECT 1;ABORT", "holds ABORT"),
        ("2_own.sql", "SELECT 1;begin ;", "holds BEGIN"),
    ],
)
def test_what_would_lose_the_order_is_refused(service: Service, name: str, text: str, words: str) -> None:
    service.migrate()
    service.write(name, text)
    done = service.migrate()
    assert not done.ok
    assert words in done.why
    assert service.tables() == {"rooms", "schema_migrations"}


def test_a_way_back_to_a_savepoint_leaves_the_transaction_as_it_is(service: Service) -> None:
    undone = "SAVEPOINT a;\nCREATE TABLE t{0} ();\nROLLBACK{1} TO a;\nRELEASE a;\n"
    ways = ("", " WORK", "\n-- and\nTRANSACTION", " to savepoint a; rollback")
    text = "".join(undone.format(number, way) for number, way in enumerate(ways))
    service.write("2_back.sql", f"{text}CREATE TABLE more ();\n")
    assert service.migrate().why == ""
    assert service.tables() == {"rooms", "more", "schema_migrations"}


def test_a_lost_file_is_refused_and_a_function_body_is_no_transaction(service: Service) -> None:
    service.write(
        "2_touch.sql", "CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;"
    )
    assert service.migrate().ok
    service.files.remove(_PLACE / "2_touch.sql")
    assert "file is gone" in service.migrate().why


_ALONE = "-- hotelctl: no-transaction\nCREATE INDEX CONCURRENTLY i ON rooms (id);\n-- and\nVACUUM rooms;\n"


def test_a_file_may_leave_its_transaction(service: Service) -> None:
    service.write("2_index.sql", _ALONE)
    done = service.migrate()
    assert (done.ok, done.applied) == (True, ("1_rooms.sql", "2_index.sql"))
    assert service.migrate().applied == ()


@pytest.mark.parametrize("line", ["--hotelctl:no-transaction", "--  hotelctl:  no-transaction  "])
def test_blanks_are_of_no_matter_in_the_line_that_says_so(service: Service, line: str) -> None:
    service.write("2_index.sql", f"-- first\n{line}\nVACUUM rooms")
    assert service.migrate().ok


@pytest.mark.parametrize(
    "line",
    ["-- hotelctl: no-transaction, please", "SELECT 1 -- hotelctl: no-transaction\n;", "-- no-transaction"],
)
def test_other_words_leave_no_transaction(service: Service, line: str) -> None:
    service.write("2_index.sql", f"{line}\nVACUUM rooms")
    assert "cannot run inside a transaction block" in service.migrate().why


def test_a_file_that_left_its_transaction_and_failed_is_done_again_as_a_whole(service: Service) -> None:
    service.write("2_index.sql", f"{_ALONE}SELECT nothing_like_this;\nCREATE TABLE more (id int)")
    done = service.migrate()
    assert done.why.startswith("2_index.sql: ")
    assert (done.applied, done.revision) == (("1_rooms.sql",), "1_rooms.sql")
    assert service.sql.applied(service.url).keys() == {"1_rooms.sql"}
    assert "more" not in service.tables()
    assert 'relation "i" already exists' in service.migrate().why, "what was done before the refusal stays"


def test_its_own_transaction_is_refused_there_too(service: Service) -> None:
    service.write("2_index.sql", f"{_ALONE}BEGIN;\nSELECT 1;\nCOMMIT;")
    assert "holds BEGIN" in service.migrate().why


def test_a_file_that_is_no_utf_8_is_refused_with_its_line_before_any_is_applied(service: Service) -> None:
    service.files.write_durable(_PLACE / "2_latin.sql", "SELECT 1;\n-- für\n".encode("latin-1"))
    done = service.migrate()
    assert (done.ok, done.applied) == (False, ())
    assert done.why == "2_latin.sql: line 2: is not UTF-8; save it as UTF-8"
    assert "rooms" not in service.tables()


@pytest.fixture
def other(database_url: str, databases: PostgresDatabases) -> Callable[[str, Mapping[str, str]], Migrated]:
    """Migrations of another tool's kind, by their paths, run on a database."""

    def run(kind: str, content: Mapping[str, str]) -> Migrated:
        files = FakeFiles({_PLACE / path: text for path, text in content.items()})
        return SqlMigrations(databases, files, kind).migrate(_PLACE, database_url)

    return run


def test_prismas_migrations_run_in_their_order(other: Callable[..., Migrated]) -> None:
    done = other(
        "prisma",
        {
            "02_more/migration.sql": "ALTER TABLE rooms ADD note text;",
            "01_init/migration.sql": "CREATE TABLE rooms (id int);",
            "migration_lock.toml": 'provider = "postgresql"',
        },
    )
    assert (done.why, done.applied, done.revision) == ("", ("01_init", "02_more"), "02_more")


def test_flyways_migrations_run_by_their_numbers(other: Callable[..., Migrated]) -> None:
    done = other(
        "flyway",
        {
            "V10__note.sql": "ALTER TABLE rooms ADD note text;",
            "V9__rooms.sql": "CREATE TABLE rooms (id int);",
            "R__view.sql": "CREATE VIEW notes AS SELECT note FROM rooms;",
            "U10__back.sql": "DROP TABLE rooms;",
        },
    )
    assert (done.why, done.applied) == ("", ("V9__rooms.sql", "V10__note.sql", "R__view.sql"))
    assert done.revision == "R__view.sql"


def test_a_file_that_flyway_runs_again_may_stand_before_one_that_is_applied(
    other: Callable[..., Migrated], databases: PostgresDatabases, database_url: str
) -> None:
    view = "CREATE OR REPLACE VIEW {0} AS SELECT 1 AS {0};"
    files = {"V1__a.sql": "CREATE TABLE a ();", "R__b.sql": view.format("b"), "R__c.sql": view.format("c")}
    assert other("flyway", files).why == ""
    databases.execute(database_url, "DELETE FROM schema_migrations WHERE name = 'R__b.sql'")
    again = other("flyway", files)
    assert (again.why, again.applied) == ("", ("R__b.sql",))
    later = other("flyway", files | {"V2__d.sql": "CREATE TABLE d ();"})
    assert (later.why, later.applied) == ("", ("V2__d.sql",))
    early = other("flyway", files | {"V2__d.sql": "CREATE TABLE d ();", "V1.5__e.sql": "CREATE TABLE e ();"})
    assert early.why == "V1.5__e.sql: stands before V2__d.sql, which is applied already"


@pytest.mark.parametrize("end", ["", "CREATE INDEX CONCURRENTLY ON a (id);"])
def test_a_mark_of_byte_order_is_no_word_to_flyway(other: Callable[..., Migrated], end: str) -> None:
    assert "syntax error" in other("prisma", {"1/migration.sql": "\ufeffCREATE TABLE b (id int);"}).why
    assert other("flyway", {"V1__a.sql": f"\ufeffCREATE TABLE a (id int);{end}"}).why == ""


def test_prisma_runs_a_file_behind_those_that_it_stands_before(other: Callable[..., Migrated]) -> None:
    files = {"1/migration.sql": "CREATE TABLE a ();", "3/migration.sql": "CREATE TABLE c ();"}
    assert other("prisma", files).why == ""
    late = other("prisma", files | {"2/migration.sql": "CREATE TABLE b ();"})
    assert (late.why, late.applied, late.revision) == ("", ("2",), "3")


@pytest.mark.parametrize(
    "text", ["BEGIN; CREATE TABLE b (id int); COMMIT;", "CREATE INDEX CONCURRENTLY a_id ON a (id);"]
)
def test_a_file_of_another_tool_may_end_its_transaction_or_need_none(
    text: str, other: Callable[..., Migrated]
) -> None:
    done = other("prisma", {"1/migration.sql": "CREATE TABLE a (id int);", "2/migration.sql": text})
    assert (done.why, done.revision) == ("", "2")


@pytest.mark.parametrize("kind", ["prisma", "flyway"])
def test_a_file_of_another_tool_has_no_limit_that_its_tool_does_not_set(
    kind: str, other: Callable[..., Migrated], databases: PostgresDatabases, database_url: str
) -> None:
    name = {"prisma": "1/migration.sql", "flyway": "V1__limit.sql"}[kind]
    done = other(kind, {name: "CREATE TABLE limits AS SELECT current_setting('lock_timeout') AS of_lock;"})
    assert done.why == ""
    assert databases.query(database_url, "SELECT of_lock FROM limits").values == (("0",),)


def test_what_another_tool_says_of_a_database_is_read_in_the_order_of_its_runs(
    database_url: str, databases: PostgresDatabases
) -> None:
    prisma = SqlMigrations(databases, FakeFiles(), "prisma")
    assert prisma.revisions(database_url) == ()
    databases.execute(
        database_url,
        "CREATE TABLE _prisma_migrations (id text, checksum text, migration_name text,"
        " finished_at timestamptz, rolled_back_at timestamptz);"
        "INSERT INTO _prisma_migrations VALUES"
        " ('a', 'x', '02_b', now(), NULL), ('b', 'x', '01_a', now(), NULL),"
        " ('c', 'x', '03_half', NULL, NULL), ('d', 'x', '04_back', now(), now())",
    )
    assert prisma.revisions(database_url) == ("01_a", "02_b")
    databases.execute(
        database_url,
        "CREATE TABLE flyway_schema_history"
        " (installed_rank int, version text, script text, checksum int, type text, success bool);"
        "INSERT INTO flyway_schema_history VALUES"
        " (2, '10', 'more/V10__b.sql', 1, 'SQL', true), (1, '9', 'V9__a.sql', 1, 'SQL', true),"
        " (3, NULL, 'R__c.sql', 5, 'SQL', true), (5, NULL, 'more/R__c.sql', -6, 'SQL', true),"
        " (4, NULL, 'R__c.sql', 7, 'SQL', true), (6, '11', 'V11__c.sql', 1, 'SQL', false),"
        " (7, '12', 'V12__d.sql', 1, 'SQL', true), (8, '12', 'U12__d.sql', 2, 'UNDO_SQL', true),"
        " (9, '13', 'V13__e.sql', 1, 'SQL', true), (10, '13', 'U13__e.sql', 2, 'UNDO_SQL', true),"
        " (11, '13', 'V13__e.sql', 3, 'SQL', true), (12, NULL, 'R__f.sql', 1, 'SQL', true),"
        " (13, NULL, 'R__f.sql', 1, 'DELETE', true)",
    )
    flyway = SqlMigrations(databases, FakeFiles(), "flyway")
    assert flyway.revisions(database_url) == ("V9__a.sql", "V10__b.sql", "V13__e.sql", "R__c.sql")
    noted = databases.query(database_url, SQL_LAYOUTS["flyway"].checksums).values
    assert dict(noted) == {"V9__a.sql": 1, "V10__b.sql": 1, "V13__e.sql": 3, "R__c.sql": -6}


def test_a_file_without_a_word_of_transactions_is_not_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large schema is asked three times a verdict."""
    asked: list[str] = []

    def split(text: str) -> tuple[()]:
        asked.append(text)
        return ()

    monkeypatch.setattr("hotelctl.adapters.sql_migrations.sql_split.split_sql", split)
    assert sql_migrations._own_transaction(b"CREATE TABLE weekends (id int);") == ""
    assert asked == []
    sql_migrations._own_transaction(b"CREATE VIEW v AS SELECT CASE WHEN true THEN 1 END;")
    assert len(asked) == 1
