from typing import Any

import pytest

from hotelctl.core.errors import NotApplicable, Unavailable, UsageError
from hotelctl.core.image_trials import Trial
from hotelctl.facts.image_trials import ImageTrials
from hotelctl.probes.image_trials import image_trials
from tests.checks.docker.images import GOOD, HEALTHY, image
from tests.probes.worlds import World

_REFUSED = Trial(None, 1, "", "read-only")


def _world(*trials: Trial, **trial: Any) -> World:  # noqa: ANN401 - settings of the table
    world = World(docker={"image": "notes:1", "trial": trial})
    world.images.there["notes:1"] = GOOD
    world.images.trials = [*trials]
    return world


def test_one_that_runs_closed_is_not_tried_in_another_way() -> None:
    world = _world(HEALTHY, healthy_s=5, grace_s=3)
    found = world.fact(ImageTrials)
    assert (found.closed, found.open, found.healthy_s, found.grace_s) == (HEALTHY, None, 5, 3)
    assert [one.closed for one in world.images.tries] == [True]


def test_one_that_does_not_is_tried_open() -> None:
    world = _world(_REFUSED, HEALTHY)
    assert world.fact(ImageTrials).best == HEALTHY
    assert [one.closed for one in world.images.tries] == [True, False]


def test_it_has_its_own_variables_and_none_of_the_environments() -> None:
    world = _world(
        HEALTHY, env={"KEYS": "{state}/keys", "PORT": "{port}"}, prepare=[["keys", "{state}/keys"]]
    )
    world.fact(ImageTrials)
    (asked,) = world.images.tries
    assert asked.env["KEYS"] == "/hotelctl/state/keys"
    assert asked.env["PORT"] == "8080"
    assert "DATABASE_URL" not in asked.env
    assert asked.prepare == (("keys", "/hotelctl/state/keys"),)


def test_without_the_table_nothing_is_run() -> None:
    with pytest.raises(NotApplicable, match=r"\[docker\.trial\]"):
        image_trials(World(docker={"image": "notes:1"}).context(), GOOD)


def test_without_a_health_check_nobody_can_be_asked() -> None:
    with pytest.raises(Unavailable, match="has no health check to ask"):
        image_trials(_world().context(), image(health=("NONE",)))
    other = World(docker={"image": "notes:1", "trial": {}, "probe": "deploy/app.yaml"})
    with pytest.raises(NotApplicable, match=r"deploy/app\.yaml asks instead"):
        image_trials(other.context(), image(health=()))


def test_a_place_that_no_container_has_is_refused() -> None:
    with pytest.raises(UsageError, match=r"docker\.trial\.env\.A: nothing is known for \{venv\}"):
        image_trials(_world(HEALTHY, env={"A": "{venv}"}).context(), GOOD)
