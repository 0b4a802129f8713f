from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.checks.catalogue import walk
from hotelctl.cli._building import asked_in_part, stand_ins
from hotelctl.cli._selection import select
from hotelctl.config.load import Configuration
from hotelctl.core.check import Check
from hotelctl.facts.artifact import Export
from hotelctl.facts.leaving import ArtifactFiles
from hotelctl.facts.migration_run import MigrationPlace
from tests.probes.worlds import World

_ALEMBIC = {"kind": "alembic", "directory": "m", "command": ["up"]}


@pytest.fixture
def configuration() -> Configuration:
    """Of a service whose migrations its own program runs."""
    return World(migrations=_ALEMBIC).context().configuration


def _checks(*only: str) -> tuple[Check, ...]:
    return select(walk(), only, ()).chosen


@pytest.mark.parametrize("only", ["secrets", "SEC005", "secrets,environment,docker,TST001"])
def test_a_check_that_only_looks_into_the_artifact_begins_no_build(
    configuration: Configuration, only: str
) -> None:
    assert asked_in_part(_checks(only), configuration) == {"SEC005"}
    assert set(stand_ins(_checks(only), configuration)) == {ArtifactFiles}


@pytest.mark.parametrize("only", ["SEC005,BLD001", "secrets,build", "SEC005,SEC016"])
def test_beside_one_that_needs_the_artifact_it_looks_into_it(configuration: Configuration, only: str) -> None:
    assert asked_in_part(_checks(only), configuration) == frozenset()
    assert stand_ins(_checks(only), configuration) == {}


def test_an_image_is_held_against_the_artifact_where_the_service_has_one(
    configuration: Configuration,
) -> None:
    docker = configuration.spec.docker.model_copy(update={"image": "shop:1"})
    spec = configuration.spec.model_copy(update={"docker": docker})
    assert asked_in_part(_checks("secrets,docker"), replace(configuration, spec=spec)) == frozenset()


def test_a_service_that_builds_nothing_has_no_part_that_is_left_out(configuration: Configuration) -> None:
    without = replace(configuration, spec=configuration.spec.model_copy(update={"build_": None}))
    assert asked_in_part(_checks("secrets"), without) == frozenset()
    assert set(stand_ins(_checks("secrets", "build"), without)) == {ArtifactFiles}


@pytest.mark.parametrize(
    ("migrations", "needs_none"),
    [({"kind": "sql", "directory": "m"}, True), (_ALEMBIC, False), (None, False)],
    ids=["sql", "alembic", "none"],
)
def test_migrations_that_hotelctl_runs_itself_need_no_build(
    migrations: dict[str, object] | None,
    needs_none: bool,  # noqa: FBT001 - a fact
) -> None:
    configuration = World(migrations=migrations).context().configuration
    found = stand_ins(_checks("DB006"), configuration)
    assert (MigrationPlace in found) is needs_none
    if needs_none:
        place = found[MigrationPlace](World().context(), Export("c" * 40, Path("/export")))
        assert place == MigrationPlace(Path("/export"), None)
