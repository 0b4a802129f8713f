"""Row-level security, read from the catalogue, so that a table of a later revision is judged too."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, uuid7
from tests.app.people import HOTEL_A, HOTEL_B, add_user

pytestmark = pytest.mark.database

_UNPROTECTED = """
SELECT c.relname FROM pg_class c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'hotel_id' AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
   AND (NOT c.relrowsecurity OR c.relforcerowsecurity OR NOT EXISTS (
     SELECT 1 FROM pg_policies p WHERE p.tablename = c.relname AND 'hotel_app' = ANY (p.roles)
        AND p.cmd = 'ALL' AND p.with_check IS NOT NULL AND p.qual LIKE '%NULLIF%'))
"""
_TENANT_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'hotel_id'
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
"""
_LOOSE_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p
 WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
   AND (p.proowner <> 'hotel_auth'::regrole
        OR NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) s WHERE s LIKE 'search_path=pg_catalog%')
        OR EXISTS (SELECT 1 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
                    WHERE g.grantee NOT IN ('hotel_auth'::regrole, 'hotel_app'::regrole)))
"""


@contextmanager
def _as_app(url: str, hotel_id: UUID | None) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url) as connection:
        if hotel_id:
            connection.execute("SELECT set_config('app.hotel_id', %s, true)", (str(hotel_id),))
        yield connection


@pytest.fixture
def peopled(hotels: str) -> str:
    """Both hotels have a row in every tenant table; the test fails for a table it cannot fill."""
    with psycopg.connect(hotels) as connection:
        for hotel_id, slug in ((HOTEL_A, "alpha"), (HOTEL_B, "beta")):
            user_id = add_user(connection, hotel_id, f"third@{slug}.example", "staff")
            connection.execute(
                "INSERT INTO sessions (id, hotel_id, user_id, token_hash, family_id, expires_at,"
                " absolute_expires_at) VALUES (%s, %s, %s, sha256(%s::text::bytea), %s, now(), now())",
                (uuid7(), hotel_id, user_id, slug, uuid7()),
            )
        for (table,) in connection.execute(_TENANT_TABLES).fetchall():
            counted = sql.SQL("SELECT count(DISTINCT hotel_id) FROM {}").format(sql.Identifier(table))
            assert connection.execute(counted).fetchone() == (2,), f"no row for {table}: add one here"
    return hotels


def test_every_tenant_table_is_protected(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        assert connection.execute(_UNPROTECTED).fetchall() == []
        assert len(connection.execute(_TENANT_TABLES).fetchall()) >= 2


def test_definer_functions_are_closed(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        assert connection.execute(_LOOSE_FUNCTIONS).fetchall() == []
        count = connection.execute("SELECT count(*) FROM pg_proc WHERE proowner = 'hotel_auth'::regrole")
        assert count.fetchone() == (2,)


def test_nobody_logs_in_as_the_definer(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        found = connection.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'hotel_auth'"
        )
        assert found.fetchone() == (False, False, False)
        held = connection.execute("SELECT pg_has_role('hotel_app', 'hotel_auth', 'MEMBER')")
        assert held.fetchone() == (False,)


def test_a_hotel_sees_its_own_rows_and_no_other(peopled: str, app_url: str) -> None:
    with psycopg.connect(peopled) as owner:
        tables = [name for (name,) in owner.execute(_TENANT_TABLES).fetchall()]
    for hotel_id, expected in ((HOTEL_A, {HOTEL_A}), (HOTEL_B, {HOTEL_B}), (None, set())):
        with _as_app(app_url, hotel_id) as connection:
            for table in tables:
                rows = connection.execute(
                    sql.SQL("SELECT DISTINCT hotel_id FROM {}").format(sql.Identifier(table))
                ).fetchall()
                assert {row[0] for row in rows} == expected, table
            seen = connection.execute("SELECT id FROM hotels").fetchall()
            assert {row[0] for row in seen} == expected


def test_nothing_is_seen_again_after_the_first_tenant_of_a_connection(peopled: str, app_url: str) -> None:
    assert peopled
    with psycopg.connect(app_url) as connection:
        connection.execute("SELECT set_config('app.hotel_id', %s, true)", (str(HOTEL_A),))
        connection.commit()
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (0,)


def test_a_row_for_another_hotel_is_an_error(peopled: str, app_url: str) -> None:
    assert peopled
    with (
        _as_app(app_url, HOTEL_A) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        add_user(connection, HOTEL_B, "intruder@beta.example", "owner")


def test_a_row_cannot_be_moved_to_another_hotel(peopled: str, app_url: str) -> None:
    assert peopled
    with (
        _as_app(app_url, HOTEL_A) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        connection.execute("UPDATE users SET hotel_id = %s", (HOTEL_B,))


def test_updates_and_deletes_do_not_reach_another_hotel(peopled: str, app_url: str) -> None:
    with _as_app(app_url, HOTEL_A) as connection:
        assert connection.execute("UPDATE users SET role = 'owner'").rowcount == 3
        assert connection.execute("DELETE FROM sessions").rowcount == 1
    with psycopg.connect(peopled) as owner:
        left = owner.execute("SELECT count(*) FROM users WHERE hotel_id = %s AND role = 'owner'", (HOTEL_B,))
        assert left.fetchone() == (0,)
        assert owner.execute("SELECT count(*) FROM sessions").fetchone() == (1,)


def test_a_session_cannot_name_a_user_of_another_hotel(peopled: str) -> None:
    with psycopg.connect(peopled) as owner, pytest.raises(psycopg.errors.ForeignKeyViolation):
        owner.execute("UPDATE sessions SET hotel_id = %s WHERE hotel_id = %s", (HOTEL_B, HOTEL_A))


@pytest.mark.parametrize(
    "statement",
    [
        "SET row_security = off; SELECT * FROM users",
        "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
        "SET ROLE hotel_auth",
        "TRUNCATE users",
        "UPDATE hotels SET name = 'x'",
        "INSERT INTO schema_compat VALUES (99, 'x', 1, 'x')",
        "CREATE TABLE mine (x int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_the_run_time_role_has_no_way_around(statement: str, app_url: str) -> None:
    with psycopg.connect(app_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_a_stranger_may_not_call_the_look_ups(database_server: str, owner_url: str) -> None:
    role = "test_stranger_" + str(SYNTHETIC_HOTEL_ID)[-4:] + owner_url.partition("test_")[2][:8]
    with psycopg.connect(database_server, autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} NOLOGIN".encode())
        try:
            with psycopg.connect(owner_url) as connection:
                connection.execute(f"SET ROLE {role}".encode())
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute("SELECT * FROM auth_user_by_email('manager@alpha.example')")
        finally:
            server.execute(f"DROP ROLE {role}".encode())
