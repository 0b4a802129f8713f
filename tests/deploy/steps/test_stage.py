"""Staging over an environment in memory: what starts a release, and what it is asked."""

import json
from dataclasses import replace

import pytest

from hotelctl.config.environment import Environment
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.steps.stage import StageStep
from tests.deploy.town import STATE, Town
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_B, COMMIT_C, deployed, journal_end, whole

_LAYOUT = Layout(STATE)


def _built_with(town: Town, release_id: str, **tables: object) -> None:
    """As if the service file had said this when the release was built."""
    path = _LAYOUT.pinned(release_id)
    kept = json.loads(town.files.content[path])
    for table, change in tables.items():
        kept[table] |= change
    town.files.write_durable(path, json.dumps(kept).encode())


def test_a_release_is_made_ready_to_start_by_its_own_chores() -> None:
    town = deployed()
    _built_with(town, "d1", run={"prepare": [["own-chore"]]})
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert Command(town).rollback("r3") is Outcome.SUCCEEDED
    assert town.prepared[-2:] == [("d2", ()), ("d1", (("own-chore",),))]


def test_a_release_is_asked_for_its_health_where_it_answers() -> None:
    town = deployed()
    _built_with(town, "d1", health={"ready": "/old/ready"})
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert Command(town).rollback("r3") is Outcome.SUCCEEDED
    assert [path for path in town.asked if "ready" in path][-1] == "/old/ready"


@pytest.mark.parametrize("content", [b"{", b"", b"{}"])
def test_of_the_release_that_serves_a_damaged_file_holds_nothing_up(content: bytes) -> None:
    town = deployed()
    town.files.write_durable(_LAYOUT.pinned("d1"), content)
    town.head = "0002.sql"
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    town.files.write_durable(_LAYOUT.pinned("d2"), content)
    assert Command(town).rollback("r3") is Outcome.STOPPED  # to d1, whose file is damaged, too
    whole(town, "d2")
    town.crashes = "d3"
    assert Command(town).deploy("d3", COMMIT_C) is Outcome.ROLLED_BACK
    whole(town, "d2")


def test_a_release_whose_own_service_file_is_damaged_is_not_gone_back_to() -> None:
    town = deployed()
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    town.files.write_durable(_LAYOUT.pinned("d1"), b"{")
    assert Command(town).rollback("r3") is Outcome.STOPPED
    assert "its service.json is damaged" in journal_end(town, "r3")["message"]
    whole(town, "d2")


def test_the_plan_names_what_will_run() -> None:
    here = Command(Town()).operation("d1", COMMIT_B)
    there = replace(here.configuration, environment=Environment(target="docker"))
    process = StageStep(here).plan()
    contained = StageStep(replace(here, configuration=there)).plan()
    command = f"run {' '.join(here.configuration.spec.run.command)}"
    assert command in process
    assert command not in contained
    assert "start a container of the image town" in contained
