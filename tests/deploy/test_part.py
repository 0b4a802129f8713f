"""How much of a large database's backup a deploy restores, and what is said of the rest."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from hotelctl.config.backups import Backups
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.part import planned
from hotelctl.deploy.steps.prove import ProveStep
from tests.deploy import town_command
from tests.deploy.town import LIVE, Town
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_B, deployed, journal_end

_SIZES = (
    ("public.ledger", 100),
    ("public.hotels", 1_000),
    ("public.bookings", 5_000),
    ("public.events", 900_000),
)


def _town(monkeypatch: pytest.MonkeyPatch, said: Mapping[str, Any], size_bytes: int = 20_000_000) -> Town:
    """A town with rows whose service file says that of backups, and a migration that is left."""
    town = deployed()
    spec = town_command._CONFIGURATION.spec
    changed = spec.model_copy(update={"backups": Backups.model_validate(said)})
    monkeypatch.setattr(town_command, "_CONFIGURATION", replace(town_command._CONFIGURATION, spec=changed))
    town.head = "0002.sql"
    rows = {
        name: [[n] for n in range(count)] for name, count in zip(dict(_SIZES), (2, 3, 50, 400), strict=True)
    }
    town.databases.at(LIVE).tables.update(rows)
    town.databases.answer("pg_database_size", ["size"], [[size_bytes]])
    town.databases.answer("pg_table_size", ["name", "size"], _SIZES)
    refers = [("public.bookings", "public.hotels"), ("public.events", "public.bookings")]
    town.databases.answer("pg_partition_tree", ["name", "other"], refers)
    town.databases.answer("to_regclass", ["name"], [["public.ledger"]])
    return town


_LARGE = {"full_up_to_bytes": 10_000_000}


@pytest.mark.parametrize(
    ("said", "proves", "rows"),
    [
        ({"prove": "schema"}, "the schema and all rows of 1 table", 453),
        ({"prove": "sample", "sample_bytes": 1_100}, "the schema and all rows of 2 tables", 450),
        ({"prove": "sample", "sample_bytes": 6_100}, "the schema and all rows of 3 tables", 400),
    ],
)
def test_a_part_is_proven_and_the_rest_is_said_everywhere(
    said: dict[str, Any], proves: str, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = _town(monkeypatch, said | _LARGE)
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    proven = Command(town).operation("d2").result("prove")
    assert (proven["class"], proven["proved"], proven["verified_at"]) == ("B", proves, None)
    assert proven["not_proven"].startswith(f"not proven, as the database has 20.0 MB: that {rows} rows of ")
    assert f"equal in part: {proves}; " in proven["summary"]
    assert proven["summary"].endswith(proven["not_proven"])
    assert proven["rehearsal"]["proved"] == proves
    assert not [path for path in town.files.content if path.match("d2/verified.json")]


@pytest.mark.parametrize(
    ("said", "size_bytes"),
    [({}, 10**13), ({"prove": "schema"}, 10_000_000), ({"prove": "sample", "sample_bytes": 10**7}, 10**13)],
)
def test_all_of_it_is_proven_where_it_is_small_or_fits(
    said: dict[str, Any], size_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = _town(monkeypatch, said | _LARGE, size_bytes)
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    proven = Command(town).operation("d2").result("prove")
    assert (proven["proved"], proven["not_proven"], proven["rehearsal"]["proved"]) == ("full", "", "full")
    assert proven["verified_at"]


def test_a_part_that_comes_back_as_something_else_stops_the_deploy(monkeypatch: pytest.MonkeyPatch) -> None:
    town = _town(monkeypatch, {"prove": "sample", "sample_bytes": 1_100} | _LARGE)
    restore = town.databases.restore

    def short(source: Any, url: str, watcher: Any = None, only: Any = None) -> None:  # noqa: ANN401 - the port's
        restore(source, url, watcher, only)
        town.databases.at(url).tables["public.hotels"].pop()

    monkeypatch.setattr(town.databases, "restore", short)
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.STOPPED
    assert "public.hotels: 3 rows" in journal_end(town, "d2")["message"]


def test_the_plan_says_what_a_large_database_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    assert planned(Backups()) == ""
    town = _town(monkeypatch, {"prove": "sample", "sample_bytes": 1_100} | _LARGE)
    assert ProveStep(Command(town).operation("d2", COMMIT_B)).plan()[0] == (
        "restore the backup into a scratch database and compare: "
        "of a database above 10.0 MB only the schema and tables up to 1.1 kB"
    )
