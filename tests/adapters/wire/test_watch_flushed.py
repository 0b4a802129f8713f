"""What is seen of a client that wants answers before it has ended what it says."""

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from hotelctl.facts.migration_trace import Traced
from tests.adapters.watching import filled, named, watched
from tests.adapters.wire.flushing import END

pytestmark = pytest.mark.database


def _said(url: str, *words: str) -> list[str]:
    """How each is answered. The client is a process of its own: it waits without letting threads go on."""
    argv = [sys.executable, "-m", "tests.adapters.wire.flushing", url, *words]
    ended = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60)
    found: list[str] = json.loads(ended.stdout)
    return found


_TALKS = {
    "statements": ("ALTER TABLE rooms ADD more int", "SELECT 1", "DROP TABLE notes"),
    "a transaction": ("BEGIN", "ALTER TABLE rooms ADD more int", "COMMIT"),
    "prepared": ("PREPARE SELECT count(*) FROM rooms", "SELECT 2"),
    "a refusal": ("SELECT 1", "DROP TABLE nothing", "DROP TABLE notes"),
    "a refusal to prepare": ("PREPARE SELECT nothing FROM rooms", "DROP TABLE notes"),
}


@pytest.mark.parametrize("talk", _TALKS)
def test_the_client_hears_what_the_server_would_say(with_socket: str, tmp_path: Path, talk: str) -> None:
    with filled(with_socket) as url:
        straight = _said(url, *_TALKS[talk])
    with filled(with_socket) as url, watched(url, tmp_path) as found:
        assert _said(found.url, *_TALKS[talk]) == straight


def _seen(url: str, place: Path, talk: str) -> tuple[Traced, ...]:
    with watched(url, place) as found:
        _said(found.url, *_TALKS[talk])
        (trace,) = found.traces()
    return tuple(trace.statements)


def test_each_statement_is_seen_with_its_locks(with_socket: str, tmp_path: Path) -> None:
    with filled(with_socket) as url, watched(url, tmp_path) as found:
        _said(found.url, *_TALKS["statements"])
        (trace,) = found.traces()
    assert [one.sql for one in trace.statements] == list(_TALKS["statements"])
    assert set(named(trace, trace.statements[0].locks)) >= {"rooms"}


def test_what_is_refused_is_seen_and_nothing_behind_it_is_done(with_socket: str, tmp_path: Path) -> None:
    for talk, sqlstate in (("a refusal", "42P01"), ("a refusal to prepare", "42703")):
        with filled(with_socket) as url:
            last = _seen(url, tmp_path, talk)[-1]
            assert last.error is not None
            assert (last.error.sqlstate, last.sql) == (
                sqlstate,
                next(one for one in _TALKS[talk] if "nothing" in one).removeprefix("PREPARE "),
            )
            with psycopg.connect(url) as after:
                assert after.execute("SELECT to_regclass('notes')").fetchone() == ("notes",)


def test_a_refusal_to_prepare_is_seen_in_a_transaction_and_outside(with_socket: str, tmp_path: Path) -> None:
    with filled(with_socket) as url, watched(url, tmp_path) as found:
        _said(found.url, "begin", END, "PREPARE SELECT nothing FROM rooms", END, "rollback", END)
        _said(found.url, "PREPARE SELECT 1 FROM nowhere")
        (trace,) = found.traces()
    refused = [one for one in trace.statements if one.error]
    assert [(one.sql, one.error.sqlstate, one.alone) for one in refused if one.error] == [
        ("SELECT nothing FROM rooms", "42703", False),
        ("SELECT 1 FROM nowhere", "42P01", True),
    ]
