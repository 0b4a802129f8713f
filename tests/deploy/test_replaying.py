import pytest

from hotelctl.core.progress import Silent
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.layout import Layout
from hotelctl.facts.implied_statements import Tried
from tests.deploy.town import STATE, Town
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_A, COMMIT_B, journal_end

_SQL = "SELECT id FROM notes WHERE text = 'aa Aaa'"
_LOG = "2 {app} LOG:  statement: SELECT id FROM notes WHERE text = 'of Ada'\n"
_PLAN = f"EXPLAIN (GENERIC_PLAN) {_SQL}"
_LOST = Tried(0, "42703", 'column "text" does not exist')


def _deployed(role: str = "app") -> Town:
    """The tests of its release were heard as `role`; a migration is pending now."""
    town = Town()
    town.scratch.written = _LOG.replace("app", role).encode()
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    town.head = "0002.sql"
    town.tracer.ends = {_PLAN: [Tried(1), _LOST]}
    town.tracer.tries.clear()
    return town


def test_what_is_refused_on_the_migrated_copy_stops_the_deploy() -> None:
    town = _deployed()
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.STOPPED
    assert journal_end(town, "d2")["message"] == (
        f"class C: the serving release 1.0-{COMMIT_A[:12]} does not run on the new schema: its tests ask "
        f'"{_SQL}", which is refused: column "text" does not exist (42703)'
    )
    assert town.tracer.tries == [[_PLAN], [_PLAN]], "it is planned and never run"
    assert town.serving() == "d1"


def test_what_is_planned_there_as_before_is_no_trouble() -> None:
    town = _deployed()
    town.tracer.ends = {_PLAN: [Tried(1), Tried(5)]}
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert Command(town).operation("d2").result("prove")["class"] == "B"


def test_what_was_not_understood_before_says_nothing() -> None:
    town = _deployed()
    town.tracer.ends = {_PLAN: [_LOST]}
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED


def test_what_an_older_server_cannot_plan_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(Silent, "said", lambda _self, words: told.append(words))
    town = _deployed()
    town.tracer.ends = {_PLAN: [Tried(0, "42601", 'unrecognized EXPLAIN option "generic_plan"')]}
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert any("PostgreSQL before 16 plans nothing" in one for one in told)


def test_what_the_owner_asked_may_be_the_tests_own() -> None:
    town = _deployed("owner")
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert town.tracer.tries == []


def test_statements_that_cannot_be_read_are_told() -> None:
    town = _deployed()
    town.files.content[Layout(STATE).statements("d1")] = b"{"
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
