import secrets
from collections.abc import Iterator

import psycopg
import pytest

from hotelctl.adapters import trial
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.trial import prepared, tried
from hotelctl.core.errors import Unavailable
from hotelctl.facts.implied_statements import Implied, Tried
from hotelctl.facts.replay import shows_rows
from tests.databases import entered_as

pytestmark = pytest.mark.database
_TABLES = """
CREATE ROLE {role}; CREATE TABLE keys (id int); CREATE TABLE notes AS SELECT 1 AS id;
GRANT SELECT, UPDATE ON notes TO {role};
"""
_MEMBERS = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE r.rolname = %s"

SCHEMA = """
CREATE TABLE rooms (id bigint PRIMARY KEY, name text NOT NULL);
INSERT INTO rooms VALUES (1, 'a'), (2, 'b');
"""
COUNT = "SELECT count(*), min(name), max(name) FROM rooms"


def each(*statements: str) -> list[Implied]:
    """Statements whose kind is of no matter here."""
    return [Implied(one, "SELECT", "public.rooms") for one in statements]


@pytest.fixture
def url(databases: PostgresDatabases, database_url: str) -> str:
    databases.execute(database_url, SCHEMA)
    return database_url


@pytest.fixture
def role(databases: PostgresDatabases, url: str) -> Iterator[str]:
    """A role that may do nothing, with a name that must be quoted."""
    name = f'App "{secrets.token_hex(4)}"'
    quoted = '"' + name.replace('"', '""') + '"'
    databases.execute(url, f"CREATE ROLE {quoted}")
    yield name
    databases.execute(url, f"DROP OWNED BY {quoted}; DROP ROLE {quoted}")


def _granted(databases: PostgresDatabases, url: str, role: str, words: str) -> None:
    databases.execute(url, words.format('"' + role.replace('"', '""') + '"'))


def test_rows_are_counted_and_nothing_stays(databases: PostgresDatabases, url: str) -> None:
    statements = each(
        "INSERT INTO rooms VALUES (3, 'c')",
        "UPDATE rooms SET name = 'z'",
        "DELETE FROM rooms",
        "SELECT id FROM rooms",
    )
    assert [one.rows for one in tried(url, statements, None)] == [1, 2, 2, 2]
    assert databases.query(url, COUNT).values == ((2, "a", "b"),)


def test_each_is_a_transaction_of_its_own(url: str) -> None:
    found = tried(
        url, each("SELECT nothing FROM rooms", "SELECT 1", "TRUNCATE rooms", "SELECT id FROM rooms"), None
    )
    assert [one.sqlstate for one in found] == ["42703", "", "", ""]
    assert found[0] == Tried(0, "42703", 'column "nothing" does not exist')
    assert found[3].rows == 2


def test_what_a_role_may_not_do_is_refused_to_it_and_not_to_the_owner(
    databases: PostgresDatabases, url: str, role: str
) -> None:
    (one,) = tried(url, each("SELECT id FROM rooms"), role)
    assert (one.sqlstate, one.message) == ("42501", "permission denied for table rooms")
    assert tried(url, each("SELECT id FROM rooms"), None)[0].sqlstate == ""
    _granted(databases, url, role, "GRANT SELECT ON rooms TO {}")
    assert tried(url, each("SELECT id FROM rooms"), role) == (Tried(2),)


def test_row_security_holds_for_the_role(databases: PostgresDatabases, url: str, role: str) -> None:
    _granted(databases, url, role, "GRANT ALL ON rooms TO {}")
    databases.execute(
        url,
        "ALTER TABLE rooms ENABLE ROW LEVEL SECURITY; CREATE POLICY mine ON rooms USING (id = 1)",
    )
    statements = each("SELECT id FROM rooms", "DELETE FROM rooms", "INSERT INTO rooms VALUES (3, 'c')")
    found = tried(url, statements, role)
    assert [(one.rows, one.sqlstate) for one in found] == [(1, ""), (1, ""), (0, "42501")]
    assert [one.rows for one in tried(url, statements, None)] == [2, 2, 1]


def test_the_role_ends_with_its_statement(url: str, role: str) -> None:
    found = tried(url, each("SELECT id FROM rooms", "RESET ROLE", "SELECT id FROM rooms"), role)
    assert [one.sqlstate for one in found] == ["42501", "", "42501"]


def test_a_statement_that_does_not_end_is_broken_off(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trial._LIMIT == "SET statement_timeout = '5s'"
    monkeypatch.setattr(trial, "_LIMIT", "SET statement_timeout = '50ms'")
    found = tried(url, each("SELECT pg_sleep(60)", "SELECT id FROM rooms"), None)
    assert [(one.sqlstate, one.rows) for one in found] == [("57014", 0), ("", 2)]


def test_a_sign_of_the_driver_is_the_statement_s_own(url: str) -> None:
    (one,) = tried(url, each("SELECT id FROM rooms WHERE name LIKE '%s%' OR id % 2 = 0"), None)
    assert one == Tried(1)


def test_a_word_that_explain_does_not_know_is_met_behind_the_parameters(url: str) -> None:
    """As GENERIC_PLAN is on a server before 16."""
    asked = each("EXPLAIN (NO_SUCH) SELECT id FROM rooms WHERE id = $1", "EXPLAIN (NO_SUCH) SELECT 1")
    assert [one.sqlstate for one in tried(url, asked, None)] == ["42P02", "42601"]


def test_a_role_that_is_gone_is_a_refusal(url: str) -> None:
    found = tried(url, each("SELECT 1", "SELECT 2"), "nobody_at_all")
    assert found == (Tried(0, "22023", 'role "nobody_at_all" does not exist'),) * 2


def test_a_server_that_does_not_answer_is_said() -> None:
    with pytest.raises(Unavailable, match="connection refused"):
        tried("postgresql://u@127.0.0.1:1/d", each("SELECT 1"), None)


def test_an_owner_who_is_no_superuser_tries_as_the_role_that_it_made_and_is_none_of_it_afterwards(
    database_url: str,
) -> None:
    owner, role = (f"{word}_{secrets.token_hex(4)}" for word in ("owner", "role"))
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(f"CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD 'p'".encode())
        server.execute(f"GRANT CREATE ON SCHEMA public TO {owner}".encode())
        url = entered_as(owner, "p", database_url)
        with psycopg.connect(url) as own:
            own.execute(_TABLES.format(role=role).encode())
        before = server.execute(_MEMBERS, [role]).fetchone()
        asked = [
            Implied("UPDATE notes SET id = 2", "update", "notes"),
            Implied("SELECT id FROM keys", "select", "keys"),
        ]
        done, refused = tried(url, asked, role)
        after = server.execute(_MEMBERS, [role]).fetchone()
        rows = server.execute("SELECT id FROM notes").fetchall()
        server.execute(f"DROP OWNED BY {owner}, {role}; DROP ROLE {role}; DROP ROLE {owner}".encode())
    assert done == Tried(1)
    assert refused == Tried(0, "42501", "permission denied for table keys")
    assert (after, rows) == (before, [(1,)])


_STALE = "cached plan must not change result type"


def _again(databases: PostgresDatabases, url: str, role: str | None, change: str, *said: str) -> list[Tried]:
    """How those end that were prepared before the change."""
    with prepared(url, said, role) as session:
        assert not any(one.sqlstate for one in session.first)
        databases.execute(url, change)
        return list(session.again())


def test_what_was_prepared_before_is_refused_where_its_rows_look_different(
    databases: PostgresDatabases, url: str
) -> None:
    change = "ALTER TABLE rooms ALTER id TYPE int; ALTER TABLE rooms ADD more int"
    found = _again(
        databases, url, None, change, "SELECT id FROM rooms", "SELECT * FROM rooms WHERE name = $1"
    )
    assert found == [Tried(0, "0A000", _STALE), Tried(0, "0A000", _STALE)]
    assert tried(url, each("SELECT id FROM rooms"), None)[0].rows == 2, "whoever prepares it now is answered"


def test_what_still_looks_the_same_is_planned_anew(databases: PostgresDatabases, url: str) -> None:
    change = "ALTER TABLE rooms ADD more int; CREATE INDEX ON rooms (name)"
    said = ("SELECT id FROM rooms", "UPDATE rooms SET name = $1 WHERE id = $2", "DELETE FROM rooms")
    assert [one.sqlstate for one in _again(databases, url, None, change, *said)] == ["", "", ""]
    assert databases.query(url, COUNT).values == ((2, "a", "b"),), "none of them ran"


def test_a_change_of_rows_that_shows_none_is_never_stale(databases: PostgresDatabases, url: str) -> None:
    change = "ALTER TABLE rooms ALTER id TYPE int; ALTER TABLE rooms ALTER name TYPE varchar(9)"
    said = ("INSERT INTO rooms VALUES ($1, $2)", "UPDATE rooms SET name = $1", "DELETE FROM rooms")
    assert not any(map(shows_rows, said))
    assert not any(one.sqlstate == "0A000" for one in _again(databases, url, None, change, *said))


def test_an_idle_session_holds_nothing_up(databases: PostgresDatabases, url: str) -> None:
    with prepared(url, ["SELECT id FROM rooms", "SELECT pg_advisory_lock(7)"], None):
        assert databases.query(url, "SELECT pg_try_advisory_lock(7)").values == ((True,),)
        databases.execute(url, "SET lock_timeout = '1s'; DROP TABLE rooms")


def test_a_session_that_somebody_ended_is_unavailable(databases: PostgresDatabases, url: str) -> None:
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with prepared(url, ["SELECT id FROM rooms"], None) as session:
        databases.execute(url, f"{kill} AND datname = current_database()")
        with pytest.raises(Unavailable, match="is gone"):
            session.again()


def test_a_statement_that_ends_its_own_session_is_unavailable(url: str) -> None:
    ending = each('SELECT "pg_terminate_backend"(pg_backend_pid())', "SELECT 1")
    with pytest.raises(Unavailable, match="is gone"):
        tried(url, ending, None)


def test_it_is_prepared_as_the_role(databases: PostgresDatabases, url: str, role: str) -> None:
    said = ["SELECT id FROM rooms", "SELECT nobody FROM rooms"]
    with prepared(url, said, role) as session:
        assert [one.sqlstate for one in session.first] == ["42501", "26000"]
    _granted(databases, url, role, "GRANT SELECT ON rooms TO {}")
    with prepared(url, said, role) as session:
        assert [one.sqlstate for one in session.first] == ["", "26000"]
    with prepared(url, said, "nobody at all") as session:
        assert {one.sqlstate for one in session.first} == {"22023"}
        assert session.again() == session.first


_HELD = "UPDATE rooms SET name = 'z' WHERE id = 1 RETURNING pg_sleep({})"


def _in_two_halves(first: str, second: str) -> list[Implied]:
    """So many that two sessions try them, each of which begins with one of these."""
    rest = ["SELECT 1"] * 149
    return each(first, *rest, second, *rest)


def test_whom_the_other_session_held_up_is_asked_once_more_alone(url: str) -> None:
    limited = f"{url}{'&' if '?' in url else '?'}options=-c%20lock_timeout%3D50ms"
    found = tried(limited, _in_two_halves(_HELD.format(0.3), _HELD.format(0.3)), None)
    assert {(one.rows, one.sqlstate) for one in found} == {(1, "")}


def test_where_own_code_could_tell_a_held_row_from_none_all_are_asked_in_turn(
    databases: PostgresDatabases, url: str
) -> None:
    databases.execute(url, "CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    late = "SELECT id FROM rooms, (SELECT pg_sleep(0.2)) s FOR UPDATE OF rooms SKIP LOCKED"
    assert tried(url, _in_two_halves(_HELD.format(0.5), late), None)[150] == Tried(2)
