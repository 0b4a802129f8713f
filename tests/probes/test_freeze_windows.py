from datetime import timedelta
from typing import Any

from hotelctl.config.environment import Environment
from hotelctl.facts.freeze_windows import FreezeWindows
from tests.probes.worlds import World


def _world(*freezes: dict[str, Any]) -> World:
    world = World()
    world.write("hotelctl.toml", "x")
    world.environment = Environment.model_validate({"freeze": freezes})
    return world


def test_each_is_held_against_the_clock() -> None:
    world = _world()
    now = world.clock.now()
    now_on = {"reason": "full", "begins": now, "ends": now + timedelta(hours=1)}
    over = {"reason": "over", "begins": now - timedelta(hours=1), "ends": now}
    later = {"reason": "later", "begins": now + timedelta(seconds=1), "ends": now + timedelta(hours=1)}
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    weekly = {
        "reason": "week",
        "weekly": f"{days[now.weekday()]} 00:00 - {days[(now.weekday() + 1) % 7]} 00:00",
    }
    world = _world(now_on, over, later, weekly)
    found: FreezeWindows = world.fact(FreezeWindows)
    assert [window.until is not None for window in found.windows] == [True, False, False, True]
    assert (found.environment, found.place.path) == ("local", "hotelctl.toml")


def test_without_one_the_question_does_not_arise_and_without_a_file_it_is_open() -> None:
    assert World().why_not(FreezeWindows) == (
        "NotApplicable: the service file names no [[environments.local.freeze]]"
    )
    world = _world({"reason": "week", "weekly": "fri 16:00 - mon 08:00"})
    world.files.content.clear()
    assert world.why_not(FreezeWindows) == "Unavailable: hotelctl.toml: the service file is gone"
