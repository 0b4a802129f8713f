from dataclasses import replace

import pytest

from hotelctl.deploy.journal import Outcome
from tests.deploy import town_command
from tests.deploy.town import LIVE, Town
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_B, COMMIT_C, deployed, journal_end


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
