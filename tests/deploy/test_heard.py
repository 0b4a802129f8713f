import json

import pytest

from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.layout import Layout
from tests.deploy.town import STATE, Town
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_A
from tests.fakes.databases import FakeOverheard

_LAYOUT = Layout(STATE)
_LOG = b"""\
1 {owner} LOG:  statement: CREATE TABLE notes (text text)
2 {app} LOG:  execute <unnamed>: SELECT id FROM notes WHERE text = $1 AND kind = $2
2 {app} DETAIL:  Parameters: $1 = 'of Ada', $2 = 'draft'
"""


def _deployed(written: bytes = _LOG) -> Town:
    town = Town()
    town.sources["migrations/0000.sql"] = "CREATE TABLE notes (kind text CHECK (kind IN ('draft', 'sent')))"
    town.scratch.written = written
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    return town


def test_what_the_tests_ask_is_kept_with_the_release_without_its_values() -> None:
    town = _deployed()
    kept = json.loads(town.files.content[_LAYOUT.statements("d1")])
    assert kept["statements"] == [
        {"sql": "SELECT id FROM notes WHERE text = $1 AND kind = $2", "values": ["aa Aaa", "draft"]}
    ]
    assert town.files.modes[_LAYOUT.statements("d1")] == 0o600


def test_a_value_of_a_test_stands_nowhere_on_the_disk() -> None:
    assert not [path for path, data in _deployed().files.content.items() if b"of Ada" in data]


def test_a_suite_that_asks_nothing_leaves_nothing() -> None:
    assert _LAYOUT.statements("d1") not in _deployed(b"").files.content


def test_a_log_that_cannot_be_read_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def log(_: FakeOverheard) -> bytes:
        raise OSError("no such file")

    monkeypatch.setattr(FakeOverheard, "log", log)
    assert _LAYOUT.statements("d1") not in _deployed().files.content
