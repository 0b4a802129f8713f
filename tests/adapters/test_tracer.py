"""A client by way of the tracer is told the same as without it."""

import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.wire.observer import Observer
from hotelctl.core.errors import Unavailable
from tests.adapters.conversations import INSERT, SAID
from tests.adapters.watching import filled, told, traces, watched

pytestmark = pytest.mark.database


@pytest.mark.parametrize("name", SAID)
def test_a_client_is_told_the_same(name: str, url: str, with_socket: str, tmp_path: Path) -> None:
    with filled(with_socket) as other:
        expected = told(other, SAID[name])
    with watched(url, tmp_path, rows=0) as found:
        assert told(found.url, SAID[name]) == expected


def test_two_sessions_at_once_wait_for_each_other_as_ever(url: str, tmp_path: Path) -> None:
    with (
        watched(url, tmp_path, rows=0) as found,
        psycopg.connect(found.url) as first,
        psycopg.connect(found.url, autocommit=True) as second,
    ):
        first.execute(INSERT)
        came: list[object] = []
        waiting = threading.Thread(
            target=lambda: came.append(
                second.execute("INSERT INTO rooms (id) VALUES (1) ON CONFLICT DO NOTHING")
            )
        )
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        first.commit()
        waiting.join(10)
        assert len(came) == 1
        assert second.execute("SELECT count(*) FROM rooms").fetchall() == [(2,)]


def test_one_that_breaks_off_another(url: str, tmp_path: Path) -> None:
    sleeps = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = 'SELECT pg_sleep(20)'"

    def break_off() -> None:
        with psycopg.connect(url, autocommit=True) as other:
            while other.execute(sleeps).fetchall() == [(0,)]:
                time.sleep(0.02)
        client.cancel_safe()

    with watched(url, tmp_path) as found, psycopg.connect(found.url, autocommit=True) as client:
        threading.Thread(target=break_off).start()
        with pytest.raises(psycopg.errors.QueryCanceled):
            client.execute("SELECT pg_sleep(20)")
        assert client.execute("SELECT 1").fetchall() == [(1,)]


def test_the_way_in_is_closed_to_others_and_gone_afterwards(url: str, tmp_path: Path) -> None:
    with watched(url, tmp_path) as found:
        directory = Path(Address(found.url).host)
        assert directory.stat().st_mode & 0o777 == 0o700
        client = psycopg.connect(found.url)
    assert not directory.exists()
    with pytest.raises(psycopg.OperationalError):
        client.execute("SELECT 1")
    client.close()


def test_a_way_that_is_too_long_for_a_socket_is_elsewhere(url: str, tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    with watched(url, deep) as found:
        assert not found.url.startswith(str(deep))
        with psycopg.connect(found.url) as client:
            assert client.execute("SELECT current_database()").fetchone() == (Address(url).database,)


def test_a_client_that_is_gone_leaves_the_others(url: str, tmp_path: Path) -> None:
    with watched(url, tmp_path, rows=0) as found, psycopg.connect(found.url, autocommit=True) as client:
        lost = psycopg.connect(found.url)
        lost.execute(INSERT)
        lost.pgconn.finish()
        assert client.execute("SELECT count(*) FROM rooms").fetchall() == [(0,)]


@pytest.mark.parametrize("address", ["postgresql://u@127.0.0.1:1/d", "postgresql://u@/d?host=/nowhere"])
def test_a_server_that_cannot_be_watched_is_unavailable(address: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable), watched(address, tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_client_that_puts_everybody_out_leaves_an_unknown_behind(url: str, tmp_path: Path) -> None:
    everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    with pytest.raises(Unavailable, match="what was watched to its end is not known"):  # noqa: SIM117, PT012 - in order
        with watched(url, tmp_path) as found, psycopg.connect(found.url, autocommit=True) as client:
            with pytest.raises(psycopg.OperationalError):
                client.execute(f"{everybody} AND pid <> pg_backend_pid()".encode())


def test_whoever_does_nothing_leaves_no_trace(url: str, tmp_path: Path) -> None:
    assert traces(url, tmp_path) == ()
    assert traces(url, tmp_path, "SHOW lock_timeout", "BEGIN", "ROLLBACK") == ()


@pytest.mark.parametrize("moment", ["catalogue", "fill"])
def test_a_server_that_is_lost_while_the_watching_begins_is_unavailable(
    moment: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = getattr(Observer, moment)

    def lost(*words: Any, **more: Any) -> Any:  # noqa: ANN401 - of either
        with psycopg.connect(url, autocommit=True) as other:
            ends = (
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            )
            other.execute(f"{ends} AND datname = current_database()".encode())
        return real(*words, **more)

    monkeypatch.setattr(Observer, moment, lost)
    with (
        pytest.raises(Unavailable, match="nothing could be watched, for the database was lost: "),
        watched(url, tmp_path),
    ):
        pass
