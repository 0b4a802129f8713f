"""The build over an environment in memory: what it does ahead of time, and what comes of that."""

from hotelctl.core.check import Stage
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.layout import Layout
from hotelctl.facts.artifact import Export
from tests.deploy.town import STATE, Town
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_A

_LAYOUT = Layout(STATE)


def test_packages_are_copied_beside_the_making_of_the_artifact_by_the_commits_own_list() -> None:
    town = Town()
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    assert town.furnished == [(_LAYOUT.venv("d1"), town.sources["lock.txt"].encode())]


def test_a_copy_ahead_of_time_that_fails_stops_nothing() -> None:
    town = Town()
    town.broken = {"furnish"}
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    assert town.serving() == "d1"


def test_migrations_are_judged_in_the_tree_that_they_are_run_from() -> None:
    town = Town()
    command = Command(town)
    assert command.deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    (export, evidence), *_ = command.measured[Stage.BUILD]
    assert export == Export(COMMIT_A, _LAYOUT.source("d1"))
    assert evidence
