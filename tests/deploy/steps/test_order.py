"""The order of the steps, told without reading them."""

import pytest

from hotelctl.deploy.steps import names_of, steps_of
from tests.deploy.town import Town
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_B


@pytest.mark.parametrize("kind", ["deploy", "rollback"])
def test_the_names_are_those_of_the_steps(kind: str) -> None:
    made = steps_of(kind, Command(Town()).operation("d1", COMMIT_B))
    assert tuple(made) == names_of(kind)
