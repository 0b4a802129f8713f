import psycopg
import pytest

from hotelctl.facts.kept_statements import Kept
from hotelctl.probes.live_statements import _TEXTS, live_statements
from tests.probes.worlds import World

# The columns of the extension's view that are read, over rows as it would hold them.
VIEW = """
CREATE SCHEMA counts;
CREATE TABLE counts.held (userid oid, dbid oid, query text, calls int8);
CREATE VIEW counts.pg_stat_statements AS SELECT * FROM counts.held;
"""
TEXTS = (
    "SELECT id -- of Ada\n FROM rooms WHERE name = $1",
    "ALTER ROLE app PASSWORD 'hunter2'",
    "SELECT pg_terminate_backend($1)",
    " update rooms set name = $1",
    "/* route='/rooms', of */\n-- a pool\n  /**/ delete from rooms where id = $1",
    "/* select */ ALTER ROLE app PASSWORD 'hunter2'",
    "/* /* */ select */ ALTER ROLE app PASSWORD 'hunter2'",
    "-- select 1\nALTER ROLE app PASSWORD 'hunter2'",
)
_HELD = """
INSERT INTO counts.held SELECT r.oid, d.oid, %s, %s FROM pg_roles r, pg_database d
WHERE r.rolname = current_user
"""


def _counting(*texts: str) -> World:
    world = World()
    world.databases.answer("extname = 'pg_stat_statements'", ("schema",), [("counts",)])
    world.databases.answer("counts.pg_stat_statements s", ("query",), [(text,) for text in texts])
    return world


def test_what_the_role_asks_comes_without_values_and_what_reaches_out_does_not() -> None:
    assert live_statements("app", _counting(*TEXTS).context()) == (
        Kept("SELECT id FROM rooms WHERE name = $1", live=True),
        Kept("update rooms set name = $1", live=True),
        Kept("delete from rooms where id = $1", live=True),
    )


def test_a_server_that_counts_nothing_is_asked_once() -> None:
    world = World()
    world.databases.answer("extname = 'pg_stat_statements'", ("schema",), [])
    assert live_statements("app", world.context()) == ()


@pytest.mark.database
def test_no_text_with_values_leaves_the_server(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(VIEW)
        for number, text in enumerate(TEXTS):
            connection.execute(_HELD, (text, -number))
        (name,) = connection.execute("SELECT current_user").fetchone() or ("",)
        asked = _TEXTS.format("counts").encode()
        found = {role: connection.execute(asked, (role,)).fetchall() for role in (name, "nobody else")}
    assert found["nobody else"] == []
    # Once for each database of the server is held; this one's alone counts, the most frequent first.
    assert [text for (text,) in found[name]] == [TEXTS[0], TEXTS[2], TEXTS[3], TEXTS[4]]
