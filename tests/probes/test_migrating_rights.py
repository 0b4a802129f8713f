"""What whoever migrates the live database may not do there is refused on the shadow, too."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun
from tests.probes.lived import Lived, lived

pytestmark = pytest.mark.database

_OTHERS = (
    "CREATE TABLE others (id int)",
    "CREATE VIEW seen AS SELECT id FROM others",
    "CREATE FUNCTION tell() RETURNS int LANGUAGE sql SECURITY DEFINER RETURN 1",
    "CREATE SCHEMA private",
    "GRANT SELECT ON others TO {role}",
)
_REFUSED = {
    "a role": ("CREATE ROLE reads_{role};", "permission denied to create role"),
    "a right of roles": ("ALTER ROLE {role} BYPASSRLS;", "permission denied to alter role"),
    "an extension": ("DROP EXTENSION plpgsql;", "must be owner of extension plpgsql"),
    "a setting of the server": (
        "-- hotelctl: no-transaction\nALTER SYSTEM SET work_mem = '8MB';",
        "permission denied to set parameter",
    ),
    "a setting of a superuser": ("SET session_replication_role = replica;", "permission denied to set"),
    "a file of the server": ("COPY rooms (name) FROM '/etc/hostname';", "permission denied to COPY"),
    "a program on the server": ("COPY rooms TO PROGRAM 'cat';", "permission denied to COPY"),
    "another's table": ("ALTER TABLE others ADD COLUMN more text;", "must be owner of table others"),
    "another's view": ("ALTER VIEW seen RENAME TO shown;", "must be owner of view seen"),
    "another's function": ("ALTER FUNCTION tell() STABLE;", "must be owner of function tell"),
    "another's schema": ("CREATE TABLE private.mine ();", "permission denied for schema private"),
    "another as owner": ("ALTER TABLE rooms OWNER TO pg_monitor;", "must be able to SET ROLE"),
    "another session": ("SET SESSION AUTHORIZATION pg_monitor;", "permission denied to set session"),
}


@contextmanager
def _short() -> Iterator[Path]:
    """A socket's path is short, and the account that PostgreSQL runs under must get there."""
    with tempfile.TemporaryDirectory(prefix="r-") as place:
        yield Path(place)


@pytest.fixture(scope="module")
def plain(database_server: str) -> Iterator[Lived]:
    """Whoever migrates may do nothing special, and a superuser has made things there."""
    with _short() as place, lived(database_server, place) as one:
        one.do(*_OTHERS)
        yield one


def _refusals(run: MigrationRun) -> list[str]:
    return [one.hazard.detail for one in run.of(HazardKind.CANNOT_RUN)]


@pytest.mark.parametrize("what", _REFUSED)
def test_it_is_refused_as_it_would_be_live(plain: Lived, what: str) -> None:
    sql, said = _REFUSED[what]
    run = plain.run(sql)
    (refusal,) = _refusals(run)
    assert refusal.startswith(said)
    assert refusal.endswith("(42501)")
    assert (run.role, run.unproven) == (plain.role, "")


def test_what_the_owner_of_the_database_may_do_goes_through(plain: Lived) -> None:
    run = plain.run(
        "CREATE SCHEMA own; CREATE TABLE own.more (id int); ALTER TABLE rooms ADD more text;"
        "CREATE FUNCTION two() RETURNS int LANGUAGE sql SECURITY DEFINER RETURN 2;"
        "GRANT SELECT ON rooms TO pg_monitor;"
    )
    assert (_refusals(run), run.stopped, run.unproven) == ([], "", "")


def test_a_schema_is_refused_where_the_database_is_another_s(database_server: str) -> None:
    with _short() as place, lived(database_server, place) as one:
        name = psycopg.conninfo.conninfo_to_dict(one.url)["dbname"]
        one.do(f'ALTER DATABASE "{name}" OWNER TO CURRENT_ROLE', "GRANT CREATE ON SCHEMA public TO {role}")
        assert _refusals(one.run("CREATE SCHEMA own;")) == [f"permission denied for database {name} (42501)"]
        one.do(f'GRANT CREATE ON DATABASE "{name}" TO {{role}}')
        assert _refusals(one.run("CREATE SCHEMA own;")) == []


def test_a_role_that_makes_roles_has_its_memberships(database_server: str) -> None:
    """In one run after the other: what the first did to the server of the shadows is gone again."""
    with _short() as place, lived(database_server, place, "CREATEROLE") as one:
        one.do(
            "CREATE ROLE reads_{role}",
            "CREATE ROLE mine_{role}",
            "GRANT mine_{role} TO {role} WITH ADMIN TRUE",
        )
        try:
            made = (
                "CREATE ROLE new_{role}; GRANT new_{role} TO mine_{role}; GRANT mine_{role} TO new2_{role};"
            )
            sql = f"CREATE ROLE new2_{{role}}; {made.replace('GRANT new_{role} TO mine_{role};', '')}"
            for _ in range(2):
                run = one.run(sql)
                assert (_refusals(run), run.stopped) == ([], "")
            assert (
                "permission denied to grant role"
                in _refusals(one.run("GRANT reads_{role} TO mine_{role};"))[0]
            )
        finally:
            one.do("DROP ROLE reads_{role}", "DROP ROLE mine_{role}")


def test_a_superuser_may_do_it_all(database_server: str) -> None:
    with _short() as place, lived(database_server, place, "SUPERUSER") as one:
        run = one.run(
            "CREATE ROLE reads_{role}; ALTER ROLE {role} BYPASSRLS; COPY rooms TO PROGRAM 'cat >&2';"
        )
        assert (_refusals(run), run.stopped, run.unproven) == ([], "", "")


def test_who_enters_as_another_and_finds_tables_elsewhere_does_so_there(database_server: str) -> None:
    with _short() as place, lived(database_server, place) as one:
        one.do(
            "CREATE ROLE owns_{role} CREATEROLE",
            "GRANT owns_{role} TO {role}",
            "CREATE SCHEMA app AUTHORIZATION owns_{role}",
            "ALTER TABLE schema_migrations SET SCHEMA app",
            "ALTER TABLE app.schema_migrations OWNER TO owns_{role}",
            "GRANT SELECT ON rooms TO owns_{role}",
            "ALTER ROLE {role} SET role = 'owns_{role}'",
            "ALTER ROLE {role} SET search_path = app, public",
        )
        try:
            run = one.run(
                "CREATE TABLE app.shelves (); ALTER TABLE shelves ADD id int; CREATE ROLE reads_{role};"
            )
            assert (_refusals(run), run.stopped) == ([], "")
            assert run.role == f"owns_{one.role}"
            assert _refusals(one.run("ALTER TABLE rooms ADD more int;")) == [
                "must be owner of table rooms (42501)"
            ]
        finally:
            one.do("ALTER ROLE {role} RESET ALL", "DROP OWNED BY owns_{role}", "DROP ROLE owns_{role}")


@pytest.fixture(scope="module")
def another() -> Iterator[str]:
    """The superuser's URL of a second server, whose superuser is called as elsewhere."""
    with _short() as place:
        server = EmbeddedPostgres(place / "pgdata", {"fsync": "off"})
        try:
            yield server.ensure()
        finally:
            server.stop()


def test_on_a_server_that_is_named_the_roles_are_lent_and_gone_again(
    database_server: str, another: str
) -> None:
    with _short() as place, lived(database_server, place, shadow_url_env="SHADOW_URL") as one:
        one.context.release_env["SHADOW_URL"] = another  # type: ignore[index]  # the test's own
        one.do(*_OTHERS)
        with psycopg.connect(another, autocommit=True) as connection:
            for sql, said in (_REFUSED["a role"], _REFUSED["another's table"]):
                assert _refusals(one.run(sql))[0].startswith(said)
            asked = "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_'"
            assert connection.execute(asked).fetchall() == [("postgres",)]
            connection.execute(f"CREATE ROLE {one.role} SUPERUSER".encode())
            run = one.run(_REFUSED["a role"][0])
            assert connection.execute(
                "SELECT rolsuper FROM pg_roles WHERE rolname = %s", (one.role,)
            ).fetchone() == (True,)
            assert (_refusals(run), run.role) == ([], "")
            assert run.unproven == (
                f"SHADOW_URL names a server with a role {one.role} of its own: a superuser migrated, and "
                f"{one.role} may do less live"
            )
            connection.execute(f"DROP ROLE {one.role}".encode())


def test_what_only_its_provider_knows_is_not_judged(database_server: str) -> None:
    with _short() as place, lived(database_server, place) as one:
        one.do("CREATE ROLE rds_superuser", "GRANT rds_superuser TO {role}")
        try:
            assert one.run("ALTER TABLE rooms ADD more int;").unproven == ""
            run = one.run("CREATE ROLE reads_{role}; DROP TABLE rooms;")
            assert run.unproven == (
                f"permission denied to create role (42501): {one.role} may not do it on a plain PostgreSQL, "
                "where rds_superuser gives no right"
            )
            assert [one.hazard.kind for one in run.found] == [HazardKind.DATA_LOSS]
        finally:
            one.do("DROP ROLE rds_superuser")


def test_a_schema_that_does_not_load_with_its_owners_is_run_without(database_server: str) -> None:
    """Who owns an event trigger has to be a superuser when it is given to him, not afterwards."""
    with _short() as place, lived(database_server, place) as one:
        one.do(
            "CREATE ROLE once_{role} SUPERUSER",
            "CREATE FUNCTION seen() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
            "CREATE EVENT TRIGGER seen ON ddl_command_start EXECUTE FUNCTION seen()",
            "ALTER EVENT TRIGGER seen OWNER TO once_{role}",
            "ALTER ROLE once_{role} NOSUPERUSER",
        )
        try:
            run = one.run("CREATE ROLE reads_{role};")
            assert _refusals(run) == []
            assert run.unproven.startswith(
                "the live schema does not load with its owners: permission denied to"
            )
        finally:
            one.do("DROP EVENT TRIGGER seen", "DROP ROLE once_{role}")
