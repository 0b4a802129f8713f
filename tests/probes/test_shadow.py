from pathlib import Path

import psycopg
import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.scratch import Scratch
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.work import Migrated
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.probes.context import Context
from hotelctl.probes.shadow import migrated_on, shadow
from tests.fakes.databases import FakeDatabase, FakeScratch
from tests.fakes.evidence import FakeEvidence
from tests.probes.worlds import URL, World

DUMP = """\\restrict token
SET statement_timeout = 0;
SET transaction_timeout = 0;
SET lock_timeout = 0;
CREATE TABLE public.rooms (id integer);
CREATE TABLE public.schema_migrations (name text, sha256 text);
\\unrestrict token
"""
SUBSCRIBED = "hotelctl_tests_follow"
STARTED = "pg_postmaster_start_time"
SERVER = "postgresql://root@shadows.invalid/postgres"


def world(**migrations: str) -> World:
    """A live database with one migration."""
    one = World(migrations={"kind": "sql", "directory": "migrations", **migrations})
    one.databases.answer("FROM schema_migrations", ("n", "s"), [("1.sql", "abc"), ("2.sql", "def")])
    return one


def opened(schema: str, one: World) -> tuple[FakeScratch, list[str], str]:
    """Where it was made, what was executed there, and the name."""
    context = one.context()
    scratch = context.scratch
    assert isinstance(scratch, FakeScratch)
    with shadow(schema, context) as made:
        done = list(one.databases.at(made.url).executed)
    assert scratch.open_names == set(), "it is gone"
    return scratch, done, made.url


def test_what_another_tool_applied_is_noted_on_the_shadow_in_a_ledger_of_our_own() -> None:
    one = World(migrations={"kind": "prisma", "directory": "prisma"})
    one.databases.answer("FROM _prisma_migrations", ("n", "s"), [("1_a", "abc")])
    _, done, _ = opened("CREATE TABLE public._prisma_migrations (id text);", one)
    assert "CREATE TABLE IF NOT EXISTS schema_migrations" in done[-2]
    assert "INSERT INTO schema_migrations (name, sha256)" in done[-1]


def test_it_is_apart_from_the_live_server_and_has_its_roles() -> None:
    one = world()
    scratch, _, url = opened(DUMP, one)
    assert (scratch.roles_of, scratch.given) == ([URL], [])
    assert url != URL
    assert one.databases.at(URL).executed == [], "nothing is done to the live database"


def test_an_empty_one_is_like_no_server_and_nothing_is_loaded() -> None:
    scratch, done, _ = opened("", world())
    assert (scratch.roles_of, done) == ([None], [])


def test_the_dump_is_loaded_without_what_psql_or_a_newer_server_alone_understands() -> None:
    _, done, _ = opened(DUMP, world())
    assert done[0].splitlines() == [
        "SET statement_timeout = 0;",
        "SET lock_timeout = 0;",
        "CREATE TABLE public.rooms (id integer);",
        "CREATE TABLE public.schema_migrations (name text, sha256 text);",
    ]


def test_it_says_of_itself_which_revisions_it_has() -> None:
    _, done, _ = opened(DUMP, world())
    assert done[2:] == ["INSERT INTO schema_migrations (name, sha256) VALUES (%s, %s)"] * 2


@pytest.mark.parametrize("where", ["release_env", "environ"])
def test_it_is_on_the_server_that_the_service_file_names(where: str) -> None:
    one = world(shadow_url_env="SHADOW_URL")
    one.databases.answer(STARTED, ("at",), [("today",)])
    one.databases.answer(STARTED, ("at",), [("yesterday",)], at=SERVER)
    one.databases.answer("shobj_description", ("name",), [])
    getattr(one, where)["SHADOW_URL"] = SERVER
    for schema in (DUMP, ""):
        scratch, _, _ = opened(schema, one)
        assert (scratch.roles_of, scratch.given) == ([], [SERVER])
        assert scratch.lent == [URL if schema else None]


def test_a_server_that_is_named_and_not_set_is_said_and_no_other_taken() -> None:
    one = world(shadow_url_env="SHADOW_URL")
    with (
        pytest.raises(Unavailable, match=r"SHADOW_URL, which migrations\.shadow_url_env names, is not set"),
        shadow(DUMP, one.context()),
    ):
        pass


def test_the_server_of_the_live_database_is_not_taken() -> None:
    one = world(shadow_url_env="SHADOW_URL")
    one.environ["SHADOW_URL"] = f"{URL.rpartition('/')[0]}/another"
    context = one.context()
    with pytest.raises(Unavailable, match="SHADOW_URL names the live database"), shadow(DUMP, context):
        pass
    assert isinstance(context.scratch, FakeScratch)
    assert context.scratch.given == []


def test_neither_is_it_when_it_is_written_in_another_way() -> None:
    one = world(shadow_url_env="SHADOW_URL")
    one.databases.answer(STARTED, ("at",), [("today",)])
    one.environ["SHADOW_URL"] = SERVER
    context = one.context()
    with pytest.raises(Unavailable, match="SHADOW_URL names the live database"), shadow(DUMP, context):
        pass
    assert isinstance(context.scratch, FakeScratch)
    assert context.scratch.given == []


def test_a_dump_that_does_not_load_is_said_and_the_shadow_gone() -> None:
    """Neither with its owners nor without."""
    one = world()
    one.databases.at(URL).ddl = DUMP

    def refuse(_database: FakeDatabase) -> None:
        raise StepFailed("type citext does not exist")

    one.databases.effect("CREATE TABLE", refuse)
    context = one.context()
    with pytest.raises(StepFailed, match="citext"), shadow(DUMP, context):
        pass
    assert isinstance(context.scratch, FakeScratch)
    assert context.scratch.open_names == set()


_PLACE = MigrationPlace(Path("/throw-away/source"), Path("/throw-away/venv"))


def test_migrations_go_by_the_way_and_a_refusal_does_not_name_the_shadow() -> None:
    one = world()
    one.files.make_directory(_PLACE.source)
    shadow_url = "postgresql://o@db.invalid/hotelctl_scratch_shadow_1"
    assert migrated_on(shadow_url, f"{shadow_url}_watched", _PLACE, one.context()).ok
    assert one.work.upgrades == [("hotelctl_scratch_shadow_1", None)]
    one.work.migrated = Migrated(
        ok=False, revision="1.sql", applied=(), why="2.sql: hotelctl_scratch_shadow_1: no such table (42P01)"
    )
    done = migrated_on(shadow_url, shadow_url, _PLACE, one.context())
    assert (done.ok, done.why) == (False, "2.sql: no such table (42P01)")
    one.work.migrated = Migrated(ok=False, revision="1.sql", applied=())
    assert migrated_on(shadow_url, shadow_url, _PLACE, one.context()).why == "it failed without a word"


@pytest.mark.database
class TestTheRealServers:
    """A live database on the tests' server, and shadows of it."""

    @pytest.fixture
    def context(self, database_url: str, tmp_path: Path) -> Context:
        from dataclasses import replace  # noqa: PLC0415 - same

        one = World()
        one.database_url = database_url
        evidence = FakeEvidence()
        databases = PostgresDatabases(LocalProcesses(evidence, SystemClock(), {}), evidence, SystemClock())
        scratch = Scratch(databases, database_url, tmp_path / "scratch")
        return replace(one.context(), databases=databases, scratch=scratch)

    def test_a_dump_of_the_server_itself_loads(self, context: Context, database_url: str) -> None:
        with psycopg.connect(database_url) as connection:
            connection.execute(
                "CREATE TABLE rooms (id int PRIMARY KEY); CREATE VIEW seen AS SELECT * FROM rooms;"
                "CREATE TABLE schema_migrations (name text, sha256 text);"
                "INSERT INTO schema_migrations VALUES ('1.sql', 'abc'); INSERT INTO rooms VALUES (1)"
            )
        scratch = context.scratch
        assert isinstance(scratch, Scratch)
        with scratch, shadow(context.databases.schema(database_url), context) as made:
            url = made.url
            assert Address(url).server != Address(database_url).server
            asked = "SELECT (SELECT count(*) FROM seen), (SELECT string_agg(name, '') FROM schema_migrations)"
            assert context.databases.query(url, asked).values == ((0, "1.sql"),)

    def test_no_way_to_another_server_is_copied(self, context: Context, database_url: str) -> None:
        with psycopg.connect(database_url) as connection:
            connection.execute(
                'CREATE FOREIGN DATA WRAPPER far; CREATE SERVER "the other;" FOREIGN DATA WRAPPER far;'
                "CREATE USER MAPPING FOR public SERVER \"the other;\" OPTIONS (password 'it''s; one');"
                "CREATE TABLE schema_migrations (name text, sha256 text)"
            )
        scratch = context.scratch
        assert isinstance(scratch, Scratch)
        with scratch, shadow(context.databases.schema(database_url, owners=True), context) as made:
            asked = "SELECT (SELECT srvname FROM pg_foreign_server), (SELECT count(*) FROM pg_user_mappings)"
            assert context.databases.query(made.url, asked).values == (("the other;", 0),)

    def test_no_subscription_is_copied(self, context: Context, database_url: str) -> None:
        words = "CONNECTION 'port=1 password=a;b' PUBLICATION p WITH (connect = false, slot_name = NONE)"
        with psycopg.connect(database_url) as connection:
            connection.execute("CREATE TABLE schema_migrations (name text, sha256 text)")
            connection.execute(f"CREATE SUBSCRIPTION {SUBSCRIBED} {words}".encode())
            connection.execute(f"COMMENT ON SUBSCRIPTION {SUBSCRIBED} IS 'it''s'".encode())
        try:
            scratch, dump = context.scratch, context.databases.schema(database_url, owners=True)
            assert isinstance(scratch, Scratch)
            assert dump.count(f"SUBSCRIPTION {SUBSCRIBED} ") == 3
            with scratch, shadow(dump, context) as made:
                asked = "SELECT count(*) FROM pg_subscription"
                assert context.databases.query(made.url, asked).values == ((0,),)
        finally:
            with psycopg.connect(database_url) as connection:
                connection.execute(f"DROP SUBSCRIPTION {SUBSCRIBED}".encode())
