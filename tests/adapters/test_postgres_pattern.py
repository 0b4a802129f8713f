"""The second throw-away server is a copy of what the first was made of."""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.postgres_pattern import Ahead, Pattern

pytestmark = pytest.mark.database

_FAST = {"fsync": "off"}


@pytest.fixture
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="p-") as directory:
        yield Path(directory)


def _identity(place: Path, name: str, settings: dict[str, str] = _FAST) -> str:
    """The number that initdb gave the data directory of a server that takes connections and is gone again."""
    server = EmbeddedPostgres(place / name / "postgres", settings, pattern=Pattern(place / "kept"))
    try:
        with psycopg.connect(server.ensure(), autocommit=True) as connection:
            connection.execute("CREATE TABLE mine ()")
            row = connection.execute("SELECT system_identifier::text FROM pg_control_system()").fetchone()
        assert row is not None
        return str(row[0])
    finally:
        server.stop()


def test_the_second_server_is_a_copy_and_knows_nothing_of_the_first(place: Path) -> None:
    first = _identity(place, "one")
    assert [path.name[:6] for path in (place / "kept").iterdir()] == ["empty-"]
    assert _identity(place, "two") == first


def test_other_settings_are_another_pattern(place: Path) -> None:
    first = _identity(place, "one")
    assert _identity(place, "two", {**_FAST, "max_connections": "20"}) != first
    assert len(list((place / "kept").iterdir())) == 2


def test_what_was_left_of_a_copying_is_cleared_away_and_a_damaged_one_is_not_used(place: Path) -> None:
    first = _identity(place, "one")
    (kept,) = (place / "kept").iterdir()
    (kept / "PG_VERSION").unlink()
    kept.with_name(f"{kept.name}.999999999").mkdir()
    assert _identity(place, "two") != first
    assert list((place / "kept").iterdir()) == [kept]


def _begun_ahead(place: Path) -> Ahead:
    server = EmbeddedPostgres(place / "any" / "postgres", _FAST, pattern=Pattern(place / "kept"))
    coming = server.begin_ahead()
    assert coming is not None
    return coming


def test_a_copy_that_was_made_ahead_becomes_the_next_server(place: Path) -> None:
    first = _identity(place, "one")
    coming = _begun_ahead(place)
    assert coming.process.wait(60) == 0
    coming.end()
    ahead = coming.name
    (ahead / "mark").touch()
    assert EmbeddedPostgres(place / "x", _FAST, pattern=Pattern(place / "kept")).begin_ahead() is None
    assert _identity(place, "two") == first
    assert (place / "two" / "postgres" / "mark").exists()
    assert not ahead.exists()


def test_a_copy_that_is_not_whole_in_time_is_gone(place: Path) -> None:
    _identity(place, "one")
    coming = _begun_ahead(place)
    os.kill(coming.process.pid, signal.SIGSTOP)
    coming.end()
    (kept,) = (place / "kept").iterdir()
    assert kept.name[:6] == "empty-"
    assert "-ahead" not in kept.name


def test_a_copy_that_failed_is_none(place: Path) -> None:
    _identity(place, "one")
    coming = _begun_ahead(place)
    coming.process.kill()
    coming.process.wait(60)
    coming.end()
    assert not coming.name.exists()
    assert not coming.part.exists()
