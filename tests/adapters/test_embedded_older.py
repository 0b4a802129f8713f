"""The older of the two servers that the wheel brings."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hotelctl.adapters import embedded
from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.core.errors import Unavailable

pytestmark = pytest.mark.database

_VERSION = "SELECT current_setting('server_version_num')::int / 10000"


@pytest.fixture
def place() -> Iterator[Path]:
    """Short, because a socket's path has a limit, and below nobody else's closed directory."""
    with tempfile.TemporaryDirectory(prefix="e-") as directory:
        yield Path(directory)


def _ask(url: str, sql: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(sql.encode()).fetchone()
        return row[0] if row else None


def test_it_starts_is_of_its_version_stops_and_keeps_its_data(place: Path) -> None:
    server = EmbeddedPostgres(place / "pgdata16", {"fsync": "off"}, major=16)
    try:
        url = server.ensure()
        assert _ask(url, _VERSION) == 16
        assert _ask(url, "SELECT datlocprovider::text || datcollate FROM pg_database LIMIT 1") == "cC"
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS x")
        assert server.stop() is not None
        assert not server.running()
        assert _ask(server.ensure(), "SELECT x FROM kept") == 42
    finally:
        server.stop()
    assert not server.running()


def test_both_run_beside_one_another_and_the_newer_one_is_meant_where_nothing_is_said(place: Path) -> None:
    older = EmbeddedPostgres(place / "pgdata16", {"fsync": "off"}, major=16)
    newer = EmbeddedPostgres(place / "pgdata", {"fsync": "off"})
    try:
        assert [_ask(one.ensure(), _VERSION) for one in (older, newer)] == [16, 18]
        older.stop()
        assert (older.running(), newer.running()) == (False, True)
    finally:
        older.stop()
        newer.stop()


def test_without_the_wheel_neither_is_there(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(embedded, "wheel_directory", asked.append)
    for major in (16, 18):
        with pytest.raises(Unavailable, match="extra 'embedded'"):
            EmbeddedPostgres(place / "pgdata", major=major).ensure()
    assert asked == [16, 18]
