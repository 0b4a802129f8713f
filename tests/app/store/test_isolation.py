"""Row-level security, read from the catalogue, so that a table of a later revision is judged too."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Table

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from tests.app.people import HOTEL_A, HOTEL_B
from tests.app.rows import fill, insert, make_row, references, tenant_tables

pytestmark = [pytest.mark.database, pytest.mark.quick]

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
_KEYLESS = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
  JOIN pg_attribute h ON h.attrelid = c.oid AND h.attname = 'hotel_id'
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'u'
                      AND k.conkey = ARRAY[h.attnum, a.attnum])
"""
_LOOSE_REFERENCES = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
 WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND confrelid <> 'hotels'::regclass
   AND NOT (cardinality(conkey) = 2 AND pg_get_constraintdef(oid) ~
            '^FOREIGN KEY \\(hotel_id, \\w+\\) REFERENCES \\w+\\(hotel_id, id\\)')
"""
# Columns that name a row in tables of hotels, and that no key holds to it; what a client calls its message
# names none.
_UNBOUND = """
SELECT c.relname || '.' || a.attname FROM pg_class c
  JOIN pg_attribute h ON h.attrelid = c.oid AND h.attname = 'hotel_id' AND NOT h.attisdropped
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.atttypid = 'uuid'::regtype AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
   AND a.attname NOT IN ('id', 'hotel_id', 'client_msg_id')
   AND NOT EXISTS (SELECT 1 FROM pg_constraint k
                    WHERE k.conrelid = c.oid AND k.contype = 'f' AND a.attnum = ANY (k.conkey))
"""
# What is written down of an event outlives what it names, so it cannot be bound to it: it says who or what
# that was then. None of these is followed to a row without its hotel.
_OUTLIVES = {
    *("user_session_logs.user_id", "user_session_logs.session_id", "user_session_logs.qr_token_id"),
    *("ai_interaction_logs.conversation_id", "ai_interaction_logs.message_id"),
    *("ai_interaction_logs.session_id", "pms_work_order_history.actor_id", "audit_events.actor_id"),
    "audit_events.object_id",
    *("workflow_executions.trigger_id", "sessions.rotated_from", "sessions.family_id"),
}
_SLOW_REFERENCES = """
SELECT k.conrelid::regclass::text, k.conname FROM pg_constraint k
 WHERE k.contype = 'f' AND k.connamespace = 'public'::regnamespace
   AND NOT EXISTS (
     SELECT 1 FROM pg_index i WHERE i.indrelid = k.conrelid
        AND (i.indkey[0] = k.conkey[cardinality(k.conkey)]
             OR i.indkey[0] = k.conkey[1] AND i.indkey[1] = k.conkey[2]))
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
    """Both hotels have a row in every tenant table."""
    with psycopg.connect(hotels) as connection:
        for hotel_id in (HOTEL_A, HOTEL_B):
            fill(connection, hotel_id)
        for (table,) in connection.execute(_TENANT_TABLES).fetchall():
            counted = sql.SQL("SELECT count(DISTINCT hotel_id) FROM {}").format(sql.Identifier(table))
            assert connection.execute(counted).fetchone() == (2,), f"no row for {table}: it is not mapped"
    return hotels


def test_every_tenant_table_is_protected(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        assert connection.execute(_UNPROTECTED).fetchall() == []
        named = {name for (name,) in connection.execute(_TENANT_TABLES).fetchall()}
        assert named == {table.name for table in tenant_tables()}
        assert len(named) == 21


def test_every_tenant_table_has_the_key_that_others_refer_to(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        assert connection.execute(_KEYLESS).fetchall() == []


def test_references_between_hotels_rows_are_composite_and_indexed(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        assert connection.execute(_LOOSE_REFERENCES).fetchall() == []
        assert connection.execute(_SLOW_REFERENCES).fetchall() == []


def test_only_what_outlives_the_row_that_it_names_is_not_bound_to_it(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        assert {name for (name,) in connection.execute(_UNBOUND).fetchall()} == _OUTLIVES


def test_the_run_time_role_owns_nothing(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        owned = connection.execute(
            "SELECT relname FROM pg_class WHERE pg_has_role('hotel_app', relowner, 'USAGE')"
            " UNION ALL SELECT proname FROM pg_proc WHERE pg_has_role('hotel_app', proowner, 'USAGE')"
        )
        assert owned.fetchall() == []


def test_definer_functions_are_closed(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        assert connection.execute(_LOOSE_FUNCTIONS).fetchall() == []
        named = connection.execute("SELECT proname FROM pg_proc WHERE proowner = 'hotel_auth'::regrole")
        assert {name for (name,) in named.fetchall()} == {
            *("auth_user_by_email", "auth_session", "qr_claim", "qr_peek", "verification_claim"),
            *("hotel_by_entry_code", "live_hotels", "purge_logs", "outbox_due", "outbox_pending"),
            "end_deleted_hotels",
        }


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


@pytest.mark.parametrize("table", tenant_tables(), ids=lambda table: table.name)
def test_a_row_for_another_hotel_is_an_error(table: Table, hotels: str, app_url: str) -> None:
    assert hotels
    with (
        _as_app(app_url, HOTEL_A) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"),
    ):
        insert(connection, table.name, make_row(table, HOTEL_B, {}))


def test_no_row_can_be_moved_to_another_hotel(peopled: str, app_url: str) -> None:
    assert peopled
    with _as_app(app_url, HOTEL_A) as connection:
        for table in tenant_tables():
            statement = sql.SQL("UPDATE {} SET hotel_id = {}").format(sql.Identifier(table.name), HOTEL_B)
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)


def test_updates_and_deletes_do_not_reach_another_hotel(peopled: str, app_url: str) -> None:
    removed = []
    with _as_app(app_url, HOTEL_A) as connection:
        assert connection.execute("UPDATE users SET role = 'owner'").rowcount == 3
        for table in reversed(tenant_tables()):
            statement = sql.SQL("DELETE FROM {}").format(sql.Identifier(table.name))
            with contextlib.suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement)
                removed.append(table.name)
    assert len(removed) == 15
    with psycopg.connect(peopled) as owner:
        left = owner.execute("SELECT count(*) FROM users WHERE hotel_id = %s AND role = 'owner'", (HOTEL_B,))
        assert left.fetchone() == (0,)
        for name in removed:
            counted = sql.SQL("SELECT DISTINCT hotel_id FROM {}").format(sql.Identifier(name))
            assert owner.execute(counted).fetchall() == [(HOTEL_B,)], name


def test_no_row_can_name_a_row_of_another_hotel(peopled: str) -> None:
    tried = 0
    with psycopg.connect(peopled) as owner:
        owner.execute("ALTER TABLE messages DISABLE TRIGGER append_only")
        owner.execute("ALTER TABLE pms_work_order_history DISABLE TRIGGER append_only")
        for table in tenant_tables():
            for column, target in references(table):
                statement = sql.SQL(
                    "UPDATE {} SET {} = (SELECT id FROM {} WHERE hotel_id = {} LIMIT 1) WHERE hotel_id = {}"
                ).format(*map(sql.Identifier, (table.name, column, target)), HOTEL_B, HOTEL_A)
                with pytest.raises(psycopg.errors.ForeignKeyViolation), owner.transaction():
                    owner.execute(statement)
                tried += 1
        owner.rollback()
    assert tried >= 25


@pytest.mark.parametrize(
    "statement",
    [
        "SET row_security = off; SELECT * FROM users",
        "ALTER TABLE users DISABLE ROW LEVEL SECURITY",
        "SET ROLE hotel_auth",
        "TRUNCATE users",
        "UPDATE hotels SET slug = 'x'",
        "UPDATE hotels SET is_synthetic = true",
        "UPDATE hotels SET suspended_at = NULL",
        "UPDATE hotels SET entry_code = 'abcdefgh'",
        "INSERT INTO schema_compat VALUES (99, 'x', 1, 'x')",
        "CREATE TABLE mine (x int)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_the_run_time_role_has_no_way_around(statement: str, app_url: str) -> None:
    with psycopg.connect(app_url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement.encode())


@pytest.mark.usefixtures("hotels")
def test_what_a_hotel_s_people_decide_reaches_the_own_hotel_alone(app_url: str, owner_url: str) -> None:
    with psycopg.connect(app_url) as connection:
        connection.execute("SELECT set_config('app.hotel_id', %s, true)", (str(HOTEL_A),))
        changed = connection.execute("UPDATE hotels SET name = 'x', plan = 'x', ai_monthly_limit = 1")
        assert changed.rowcount == 1
    with psycopg.connect(owner_url) as connection:
        found = connection.execute("SELECT id FROM hotels WHERE name = 'x' AND plan = 'x'").fetchall()
    assert found == [(HOTEL_A,)]


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
