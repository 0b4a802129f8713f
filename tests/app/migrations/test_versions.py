from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import make_url

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.migrating import migrate
from tests.app.work import add

_MIGRATIONS = Path(__file__).parents[3] / "hotelctl" / "app" / "migrations"
_SCHEMA = """
SELECT 'column', table_name, column_name, concat_ws(':', data_type, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'policy', tablename, policyname, concat_ws(':', cmd, roles, qual, with_check)
  FROM pg_policies
UNION ALL SELECT 'function', p.oid::regprocedure::text, pg_get_userbyid(proowner),
                 pg_get_functiondef(p.oid) || coalesce(proacl::text, '')
  FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'table', relname, concat(relpersistence, relrowsecurity, relforcerowsecurity),
                 coalesce(relacl::text, '')
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
UNION ALL SELECT 'schema', nspname, '',
                 (SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(nspacl) a)
  FROM pg_namespace WHERE nspname = 'public'
ORDER BY 1, 2, 3, 4
"""


def _schema(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(_SCHEMA).fetchall()


def _revisions() -> list[str]:
    script = ScriptDirectory(str(_MIGRATIONS))
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def test_one_line_of_revisions_ends_at_the_serial_of_the_code() -> None:
    assert len(_revisions()) == SCHEMA_SERIAL
    assert [name[:4] for name in _revisions()] == [f"{n:04}" for n in range(1, SCHEMA_SERIAL + 1)]


@pytest.mark.database
def test_every_step_down_and_up_again_gives_the_same_schema(database_url: str) -> None:
    empty = _schema(database_url)
    states = {}
    for revision in _revisions():
        migrate(database_url, revision)
        states[revision] = _schema(database_url)
    for revision, below in reversed(list(zip(_revisions(), ["base", *_revisions()], strict=False))):
        assert _schema(database_url) == states[revision]
        migrate(database_url, below, down=True)
    left = [row for row in _schema(database_url) if "alembic_version" not in row[1]]
    assert left == empty
    migrate(database_url)
    assert _schema(database_url) == states[_revisions()[-1]]


@pytest.mark.database
def test_each_revision_writes_what_may_serve_it(spare_url: str) -> None:
    with psycopg.connect(spare_url) as connection:
        rows = connection.execute(
            "SELECT serial, alembic_revision, min_code_serial <= serial, app_version <> '' FROM schema_compat"
            " ORDER BY serial"
        ).fetchall()
    assert rows == [(number, name, True, True) for number, name in enumerate(_revisions(), 1)]


@pytest.mark.database
def test_the_synthetic_hotel_is_there(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute("SELECT id, slug FROM hotels WHERE is_synthetic").fetchall()
    assert rows == [(SYNTHETIC_HOTEL_ID, "__synthetic__")]


@pytest.mark.database
def test_a_session_of_the_service_may_not_idle_in_a_transaction_for_ever(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT one FROM pg_db_role_setting, unnest(setconfig) one WHERE setrole = 'hotel_app'::regrole"
        ).fetchall()
    assert [row[0].partition("=")[0] for row in rows] == ["idle_in_transaction_session_timeout"]


@pytest.mark.database
def test_limits_are_unlogged_and_all_else_is_not(owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND relpersistence = 'u'"
        ).fetchall()
    assert rows == [("rate_limits",)]


@pytest.mark.database
def test_an_index_that_was_broken_off_is_made_anew(database_url: str) -> None:
    migrate(database_url, "0010_hotel_plan")
    broken = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'audit_events_times'::regclass"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE INDEX audit_events_times ON audit_events USING brin (created_at)")
        connection.execute(broken)
    migrate(database_url)
    valid = (
        "SELECT relname, indisvalid FROM pg_index JOIN pg_class ON oid = indexrelid WHERE relname ~ '_times$'"
    )
    with psycopg.connect(database_url) as connection:
        found: dict[str, bool] = dict(connection.execute(valid.encode()).fetchall())
    assert found == dict.fromkeys(
        ("user_session_logs_times", "audit_events_times", "ai_interaction_logs_times"), True
    )


@pytest.mark.database
def test_a_call_of_unknown_cost_is_kept_on_the_way_down_and_lines_stay_as_they_are(spare_url: str) -> None:
    call = {"model_key": "guest-messaging", "provider": "openai", "status": "success", "latency_ms": 5}
    costs = "SELECT cost_microusd FROM ai_interaction_logs ORDER BY cost_microusd"
    for cost in (None, 7):
        add(spare_url, "ai_interaction_logs", **call, hotel_id=SYNTHETIC_HOTEL_ID, cost_microusd=cost)
    migrate(spare_url, "0011_log_ranges", down=True)
    with psycopg.connect(spare_url) as connection:
        assert connection.execute(costs).fetchall() == [(0,), (7,)]
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("UPDATE ai_interaction_logs SET cost_microusd = 1")


@pytest.mark.database
@pytest.mark.usefixtures("template")
def test_an_owner_without_superuser_can_migrate(database_server: str, database_url: str) -> None:
    name = "test_owner_" + database_url.partition("test_")[2][:12]
    database = database_url.partition("test_")[2].partition("?")[0]
    with psycopg.connect(database_server, autocommit=True) as server:
        server.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'p' CREATEROLE".encode())
        server.execute(f"GRANT hotel_auth TO {name} WITH ADMIN OPTION".encode())
        server.execute(f"ALTER DATABASE test_{database} OWNER TO {name}".encode())
        try:
            own = (
                make_url(database_url).set(username=name, password="p").render_as_string(hide_password=False)
            )
            assert migrate(own) == (None, _revisions()[-1])
        finally:
            with psycopg.connect(database_url, autocommit=True) as connection:
                connection.execute(f"REASSIGN OWNED BY {name} TO CURRENT_USER".encode())
                connection.execute(f"DROP OWNED BY {name}".encode())
            server.execute(f"DROP ROLE {name}".encode())
