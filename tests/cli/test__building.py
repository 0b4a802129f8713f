from dataclasses import replace

import pytest

from hotelctl.checks.catalogue import walk
from hotelctl.cli._building import asked_in_part, stand_ins
from hotelctl.cli._selection import select
from hotelctl.config.load import Configuration
from hotelctl.core.check import Check
from hotelctl.facts.leaving import ArtifactFiles
from tests.probes.worlds import World


@pytest.fixture
def configuration() -> Configuration:
    return World().context().configuration


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


def test_a_service_that_builds_nothing_has_no_part_that_is_left_out(configuration: Configuration) -> None:
    without = replace(configuration, spec=configuration.spec.model_copy(update={"build_": None}))
    assert asked_in_part(_checks("secrets"), without) == frozenset()
    assert set(stand_ins(_checks("secrets", "build"), without)) == {ArtifactFiles}
