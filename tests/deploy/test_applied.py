"""What the files of migrations were is noted when a deploy applies them."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest

from hotelctl.config.release_env import database_identity
from hotelctl.core.errors import UsageError
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.layout import Layout
from hotelctl.facts.applied_migrations import Applied, database_key, notes_of
from tests.deploy import town_command
from tests.deploy.town import LIVE, STATE, Town
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_A, COMMIT_B, COMMIT_C, deployed, records
from tests.deploy.world import Killed

_PATH = Layout(STATE).applied()
# The file of its newest revision, as a town has it.
_SHA256 = sha256(b"SELECT 1;").hexdigest()


def _notes(town: Town) -> dict[str, Applied]:
    return dict(notes_of(json.loads(town.files.content[_PATH]))[database_key(database_identity(LIVE))])


def _second(town: Town) -> None:
    town.sources["migrations/0001.sql"] = "SELECT 1;"
    town.head = "0002.sql"


def test_each_deploy_notes_what_it_applied_and_leaves_what_was_noted() -> None:
    town = Town()
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    first = _notes(town)["0001.sql"]
    assert first == Applied("0001.sql", "migrations/0001.sql", _SHA256, (), "d1", COMMIT_A, first.at)
    _second(town)
    town.sources["migrations/0001.sql"] = "edited"
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    notes = _notes(town)
    assert notes["0001.sql"] == first
    second = notes["0002.sql"]
    assert (second.deploy, second.down, second.seen) == ("d2", ("0001.sql",), False)
    assert second.sha256 == _SHA256


@pytest.mark.parametrize("lost", [None, b"{", b"[]"])
def test_notes_that_are_lost_or_spoilt_are_begun_anew(lost: bytes | None) -> None:
    town = Town()
    Command(town).deploy("d1", COMMIT_A)
    del town.files.content[_PATH]
    if lost is not None:
        town.files.content[_PATH] = lost
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    (one,) = _notes(town).values()
    assert (one.deploy, one.commit, one.seen) == ("d2", COMMIT_B, True)


def test_what_cannot_be_written_stops_no_deploy() -> None:
    town = Town()
    town.files.refuse[_PATH] = UsageError("the disk is full")
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    assert _PATH not in town.files.content


def test_a_service_without_migration_files_leaves_no_notes() -> None:
    town = Town(head="none")
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    assert _PATH not in town.files.content


def test_killed_at_every_record_the_notes_are_whole_in_the_end() -> None:
    total = records(deployed(), "d1")
    assert total > 10
    for number in range(2, total + 1):
        town = Town()
        with pytest.raises(Killed):
            Command(town, number, durable=False).deploy("d1", COMMIT_A)
        Command(town).resume("d1")
        assert replace(_notes(town)["0001.sql"], at="", sha256="", path="") == Applied(
            "0001.sql", "", "", (), "d1", COMMIT_A
        )
    assert total > 10


def test_what_was_applied_by_hand_is_noted_as_found() -> None:
    town = Town()
    Command(town).deploy("d1", COMMIT_A)
    _second(town)
    town.broken = {"migrate"}
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.STOPPED
    assert set(_notes(town)) == {"0001.sql"}
    town.broken = set()
    town.databases.at(LIVE).ddl = "-- 0002.sql"
    assert Command(town).deploy("d3", COMMIT_C) is Outcome.SUCCEEDED
    assert _notes(town)["0002.sql"].seen


def test_revisions_of_alembic_are_noted_with_what_they_stand_on(monkeypatch: pytest.MonkeyPatch) -> None:
    town, one = Town(head="a"), "revision = 'a'\n"
    spec = town_command._CONFIGURATION.spec
    assert spec.migrations is not None
    other = spec.model_copy(update={"migrations": spec.migrations.model_copy(update={"kind": "alembic"})})
    monkeypatch.setattr(town_command, "_CONFIGURATION", replace(town_command._CONFIGURATION, spec=other))
    town.sources["migrations/versions/a.py"] = one
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    town.head = "b"
    town.sources["migrations/versions/b.py"] = "revision = 'b'\ndown_revision = 'a'\n"
    town.sources["migrations/env.py"] = "# no revision\n"
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    notes = _notes(town)
    assert {name: (one.deploy, one.down) for name, one in notes.items()} == {
        "a": ("d1", ()),
        "b": ("d2", ("a",)),
    }
    assert notes["a"].sha256 == sha256(one.encode()).hexdigest()
