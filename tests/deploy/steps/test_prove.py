from dataclasses import replace

import pytest

from hotelctl.deploy.journal import Outcome
from tests.deploy import town_command
from tests.deploy.town import LIVE, Town, TownWork
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_B, COMMIT_C, deployed, journal_end, whole


def _by_alembic(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its migrations are one file of Alembic, at the revision of `town.head`."""
    spec = town_command._CONFIGURATION.spec
    assert spec.migrations is not None
    other = spec.model_copy(update={"migrations": spec.migrations.model_copy(update={"kind": "alembic"})})
    monkeypatch.setattr(town_command, "_CONFIGURATION", replace(town_command._CONFIGURATION, spec=other))
    town.sources = {**town.sources, "migrations/versions/one.py": f"revision = {town.head!r}\n"}


def test_where_no_migration_is_left_none_is_rehearsed(monkeypatch: pytest.MonkeyPatch) -> None:
    town = deployed()
    _by_alembic(town, monkeypatch)
    town.broken = {"rehearse"}
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    proven = Command(town).operation("d2").result("prove")
    assert (proven["class"], proven["from"], proven["to"]) == ("A", "0001.sql", "0001.sql")
    town.databases.at(LIVE).ddl = "-- 0000.sql"
    assert Command(town).deploy("d3", COMMIT_C) is Outcome.STOPPED
    assert "syntax error" in journal_end(town, "d3")["message"]


def test_several_heads_are_rehearsed_though_the_database_is_at_one_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    town = deployed()
    _by_alembic(town, monkeypatch)
    town.sources["migrations/versions/other.py"] = "revision = '0000.sql'\n"
    town.broken = {"rehearse"}
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.STOPPED
    assert "syntax error" in journal_end(town, "d2")["message"]


def test_a_command_that_leaves_one_of_several_heads_out_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    town = deployed()
    _by_alembic(town, monkeypatch)
    town.sources["migrations/versions/other.py"] = "revision = '0000.sql'\n"
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.STOPPED
    assert journal_end(town, "d2")["message"] == (
        "the migration command ended well, but the copy of the database is at 0001.sql, not at 0000.sql"
    )


def _pending(monkeypatch: pytest.MonkeyPatch, **files: str) -> Town:
    """A town with a migration of Alembic that is left to be done, and these files of its command."""
    town = deployed()
    town.head = "0002.sql"
    _by_alembic(town, monkeypatch)
    town.sources = {**town.sources, **{name.replace("__", "/") + ".py": text for name, text in files.items()}}
    return town


def test_a_command_that_goes_elsewhere_is_not_even_rehearsed(monkeypatch: pytest.MonkeyPatch) -> None:
    town = _pending(monkeypatch, migrations__env="x = 1\nurl = 'postgresql://o:secret@db.prod/live'\n")
    town.tracer.comes = False
    town.broken = {"rehearse"}
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.STOPPED
    assert journal_end(town, "d2") == {
        "step": "prove",
        "message": "the migrations were not run: the command, kept off the network, did not go where "
        "DATABASE_URL says; migrations/env.py:2 has an address of its own. It said: said so",
        "hint": "let migrations/env.py take its address from DATABASE_URL and ask no network before it; "
        "nothing was changed",
    }
    whole(town, "d1")
    assert town.databases.at(LIVE).ddl == "-- 0001.sql"


def test_where_it_cannot_be_tried_a_committed_address_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    town = _pending(monkeypatch, migrations__env="url = 'postgresql://o:secret@db.prod/live'\n")
    town.tracer.comes, town.broken = False, {"filter"}
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.STOPPED
    assert (
        "the command may not go where DATABASE_URL says; migrations/env.py:1 has an"
        in (journal_end(town, "d2")["message"])
    )
    town.sources["migrations/env.py"] = "url = os.environ['DATABASE_URL']\n"
    assert Command(town).deploy("d3", COMMIT_C) is Outcome.SUCCEEDED


def test_it_is_tried_once_and_only_where_a_migration_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    town = _pending(monkeypatch)
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert town.databases.at(LIVE).ddl == "-- 0002.sql"
    assert town.tried == ["d2"]
    assert Command(town).deploy("d3", COMMIT_C) is Outcome.SUCCEEDED
    assert town.tried == ["d2"]


@pytest.mark.parametrize(
    ("where", "step", "whose"),
    [("rehearse", "prove", "the copy of the database"), ("migrate", "migrate", "the real database")],
)
def test_a_command_that_ended_well_and_left_its_database_as_it_was_has_failed(
    where: str, step: str, whose: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = _pending(monkeypatch)
    town.broken = {f"{where} elsewhere"}
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.STOPPED
    end = journal_end(town, "d2")
    assert (end["step"], end["message"]) == (
        step,
        f"the migration command ended well, but {whose} is at 0001.sql, not at 0002.sql",
    )
    whole(town, "d1")
    town.broken = set()
    assert Command(town).deploy("d3", COMMIT_C) is Outcome.SUCCEEDED


def test_a_database_that_has_other_revisions_beside_the_newest_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    town = _pending(monkeypatch)
    monkeypatch.setattr(TownWork, "revisions", lambda self, url: (self.current_revision(url), "9999.sql"))
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
