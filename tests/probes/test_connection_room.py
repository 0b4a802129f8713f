import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.facts.connection_room import ConnectionRoom, Limit
from tests.probes.worlds import World


def _world(**database: Any) -> World:  # noqa: ANN401 - keys of [database]
    world = World(database={"url_env": "DATABASE_URL", "runtime_role": "app", **database})
    world.databases.answer("max_connections", list("abcdefg"), [("live", "app", 100, 3, 7, -1, 20)])
    return world


def test_the_pool_is_held_against_every_limit() -> None:
    found: ConnectionRoom = _world(pool_size=12).fact(ConnectionRoom)
    assert (found.database, found.pool_size, found.taken) == ("live", 12, 7)
    assert found.limits == (Limit("the CONNECTION LIMIT of app", 20), Limit("max_connections", 90))


def test_the_variable_wins_over_the_number() -> None:
    world = _world(pool_size=12, pool_env="POOL")
    assert world.fact(ConnectionRoom).pool_size == 12
    world.release_env["POOL"] = "40"
    assert world.fact(ConnectionRoom).pool_size == 40
    world.release_env["POOL"] = "many"
    assert "POOL holds no number" in world.why_not(ConnectionRoom)
    assert "POOL is not set" in _world(pool_env="POOL").why_not(ConnectionRoom)


def test_without_pool_or_database_the_question_does_not_arise() -> None:
    for world in (_world(), World(database=None)):
        assert world.why_not(ConnectionRoom).startswith("NotApplicable: the service file names no connection")


def test_a_database_that_cannot_be_asked_leaves_it_open() -> None:
    world = _world(pool_size=12)
    world.databases.down = "connection refused"
    assert world.why_not(ConnectionRoom) == "Unavailable: connection refused"
    world.database_url = None
    assert "no database is configured" in world.why_not(ConnectionRoom)


def _asked_of(url: str, role: str | None) -> ConnectionRoom:
    """What the real server at `url` tells."""
    world = World(database={"url_env": "DATABASE_URL", "runtime_role": role, "pool_size": 1})
    processes = LocalProcesses(world.evidence, SystemClock(), os.environ)
    world.databases = PostgresDatabases(processes, world.evidence, SystemClock())  # type: ignore[assignment]
    world.database_url = url
    found: ConnectionRoom = world.fact(ConnectionRoom)
    return found


@pytest.mark.database
@pytest.mark.parametrize("role", [None, "nobody_is_called_so"])
def test_a_real_server_tells_its_limits(database_url: str, role: str | None) -> None:
    found = _asked_of(database_url, role)
    assert found.limits[0].name == "max_connections"
    assert 0 < found.limits[0].room <= 10_000
    assert database_url.partition("?")[0].endswith(found.database)


@pytest.fixture
def plain_url(database_url: str) -> Iterator[str]:
    """The URL of a role that may not see what the sessions of others do, and that owns the database."""
    role = "test_plain_" + secrets.token_hex(6)
    url = make_url(database_url)
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'p'")
        owner.execute(f'ALTER DATABASE "{url.database}" OWNER TO {role}')
        try:
            yield url.set(username=role, password="p").render_as_string(hide_password=False)
        finally:
            owner.execute(f'ALTER DATABASE "{url.database}" OWNER TO CURRENT_USER')
            owner.execute(f"DROP ROLE {role}")


@pytest.mark.database
def test_an_owner_without_rights_to_monitor_counts_the_sessions_of_others(
    database_url: str, plain_url: str
) -> None:
    with ExitStack() as others:
        for _ in range(3):
            others.enter_context(psycopg.connect(database_url))
        assert _asked_of(plain_url, None).taken >= 3
