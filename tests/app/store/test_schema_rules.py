"""Rules of the database itself, read from its catalogue or tried on it."""

from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from hotelctl.app.store.tables import Base
from tests.app.people import HOTEL_A, HOTEL_B
from tests.app.rows import fill, insert, make_row

pytestmark = [pytest.mark.database, pytest.mark.quick]

_UNNAMED = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'u')
   AND conname !~ ('^' || conrelid::regclass::text || '_')
"""
_BOUNDLESS = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'jsonb'::regtype
   AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c'
          AND pg_get_constraintdef(k.oid) = format('CHECK ((pg_column_size(%I) < 65536))', a.attname))
"""
_LOCAL_TIME = """
SELECT table_name, column_name FROM information_schema.columns
 WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'
"""
_UNTOUCHED = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'updated_at'
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'touch')
"""
_LOGS = {
    "user_session_logs": "outcome",
    "audit_events": "action",
    "messages": "content",
    "ai_interaction_logs": "model_key",
    "pms_work_order_history": "source",
}


def _count(connection: psycopg.Connection, table: str, hotel_id: UUID) -> int:
    counted = sql.SQL("SELECT count(*) FROM {} WHERE hotel_id = {}").format(sql.Identifier(table), hotel_id)
    row = connection.execute(counted).fetchone()
    return int(row[0]) if row else 0


@pytest.mark.parametrize("query", [_UNNAMED, _BOUNDLESS, _LOCAL_TIME, _UNTOUCHED])
def test_no_table_breaks_the_rule(query: str, owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        assert connection.execute(query.encode()).fetchall() == []


def test_only_logs_are_append_only(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'"
        )
        assert {name for (name,) in rows.fetchall()} == set(_LOGS)


@pytest.mark.parametrize("table", sorted(_LOGS))
def test_a_log_stays_as_it_was_written(table: str, hotels: str, app_url: str) -> None:
    with psycopg.connect(hotels) as owner:
        fill(owner, HOTEL_A)
        owner.commit()
        forge = sql.SQL("UPDATE {} SET {} = 'x'").format(*map(sql.Identifier, (table, _LOGS[table])))
        with pytest.raises(psycopg.errors.RestrictViolation, match="stay as they were written"):
            owner.execute(forge)
    with psycopg.connect(app_url) as app:
        app.execute("SELECT set_config('app.hotel_id', %s, false)", (str(HOTEL_A),))
        for statement in (forge, sql.SQL("DELETE FROM {}").format(sql.Identifier(table))):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
                app.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE user_session_logs SET ip = NULL, ua = NULL",
        "UPDATE ai_interaction_logs SET payload = NULL",
        "UPDATE messages SET action = '{}'",
        "UPDATE pms_work_order_history SET sync_status = 'synced', synced_at = now(), attempts = 1",
    ],
)
def test_what_may_change_in_a_log_can_be_changed(change: str, hotels: str, app_url: str) -> None:
    with psycopg.connect(hotels) as owner:
        fill(owner, HOTEL_A)
    with psycopg.connect(app_url) as app:
        app.execute("SELECT set_config('app.hotel_id', %s, false)", (str(HOTEL_A),))
        assert app.execute(change.encode()).rowcount == 1


def test_only_old_rows_of_the_own_hotel_can_be_purged_from_a_log(hotels: str, app_url: str) -> None:
    logs = ("user_session_logs", "audit_events", "ai_interaction_logs")
    with psycopg.connect(hotels) as owner:
        for hotel_id in (HOTEL_A, HOTEL_B):
            fill(owner, hotel_id)
        for table in logs:
            for change in (
                "ALTER TABLE {} DISABLE TRIGGER append_only",
                "UPDATE {} SET created_at = now() - interval '8 days'",
                "ALTER TABLE {} ENABLE TRIGGER append_only",
            ):
                owner.execute(sql.SQL(change).format(sql.Identifier(table)))
            insert(owner, table, make_row(Base.metadata.tables[table], HOTEL_A, {}))
    with psycopg.connect(app_url) as app:
        for table in logs:
            assert app.execute("SELECT purge_logs(%s, now())", (table,)).fetchone() == (0,)
            app.execute("SELECT set_config('app.hotel_id', %s, true)", (str(HOTEL_A),))
            assert app.execute("SELECT purge_logs(%s, now())", (table,)).fetchone() == (1,)
            app.commit()
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="is no log"):
            app.execute("SELECT purge_logs('users', now())")
    with psycopg.connect(hotels) as owner:
        for table in logs:
            assert _count(owner, table, HOTEL_B) == 1


def test_a_row_that_others_name_goes_and_leaves_them(hotels: str) -> None:
    with psycopg.connect(hotels) as owner:
        fill(owner, HOTEL_A)
        owner.execute("DELETE FROM users WHERE hotel_id = %s", (HOTEL_A,))
        work = ("tickets", "work_orders", "room_notes")
        for table in (*work, "conversations", "messages", "workflow_executions"):
            assert _count(owner, table, HOTEL_A) == 1, table
        assert _count(owner, "sessions", HOTEL_A) == 0


def test_words_of_an_entry_are_found_by_weight_and_language(hotels: str) -> None:
    with psycopg.connect(hotels) as owner:
        fill(owner, HOTEL_A)
        owner.execute(
            "UPDATE knowledge_entries SET lang = 'english', title = 'Parking', keywords = 'garages cars',"
            " body = 'The towels are in the cupboard.'"
        )
        found = owner.execute("SELECT tsv::text FROM knowledge_entries").fetchone()
    assert found == ("'car':3A 'cupboard':9B 'garag':2A 'park':1A 'towel':5B",)


def test_a_run_knows_how_long_it_took(hotels: str) -> None:
    with psycopg.connect(hotels) as owner:
        fill(owner, HOTEL_A)
        owner.execute("UPDATE workflow_executions SET finished_at = started_at + interval '1.5 seconds'")
        assert owner.execute("SELECT duration_ms FROM workflow_executions").fetchone() == (1500,)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE hotels SET settings = jsonb_build_object('a', repeat('x', 70000))",
        "UPDATE sessions SET user_id = NULL",
        "UPDATE sessions SET kind = 'guest'",
        "UPDATE guest_staff_qr_tokens SET purpose = 'staff_access', user_id = NULL",
        "UPDATE guest_staff_qr_tokens SET use_count = 2",
        "UPDATE guest_staff_qr_tokens SET max_uses = 21",
        "UPDATE tickets SET title = 'ab'",
        "UPDATE tickets SET sla_minutes = 4",
        "UPDATE conversations SET rating = 6",
        "UPDATE work_orders SET kind = 'spa'",
        "UPDATE room_notes SET room_label = ''",
        "UPDATE room_notes SET body = repeat('x', 1001)",
        "UPDATE knowledge_entries SET body = repeat('x', 8001)",
    ],
)
def test_the_database_refuses(change: str, hotels: str) -> None:
    with psycopg.connect(hotels) as owner:
        fill(owner, HOTEL_A)
        with pytest.raises(psycopg.errors.CheckViolation):
            owner.execute(change.encode())
