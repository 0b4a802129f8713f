from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hotelctl.config.environment import Environment
from hotelctl.core.chain import GENESIS, digest, encode
from hotelctl.core.finding import Location
from hotelctl.facts.error_lines import ErrorLines
from tests.probes.worlds import SERVING, STATE, World

LOG = STATE / "releases" / "r1" / "log" / "service.log"
SHOWN = ".hotelctl/local/releases/r1/log/service.log"


def _world(came_ago: timedelta = timedelta(minutes=10), to: str = "r1", built: str = "r1") -> World:
    world = World()
    world.serving = SERVING
    path = STATE / "deploys" / built / "journal.jsonl"
    at = (world.clock.now() - came_ago).isoformat()
    made: dict[str, Any] = {"step": "build", "kind": "done", "data": {"release": {"id": built}}, "ts_utc": at}
    came: dict[str, Any] = {"step": "switch", "kind": "effect", "data": {"to": to}, "ts_utc": at}
    first = encode(made, 1, GENESIS)
    world.files.write_durable(path, first + encode(came, 2, digest(first)))
    world.journals = (path,)
    return world


def _line(world: World, ago: timedelta) -> str:
    return f"{world.clock.now() - ago:%Y-%m-%dT%H:%M:%SZ} ERROR no\n"


def test_only_what_came_after_the_switch_counts() -> None:
    world = _world()
    text = "".join(_line(world, timedelta(minutes=ago)) for ago in (11, 9, 1))
    world.files.write_durable(LOG, text.encode())
    found: ErrorLines = world.fact(ErrorLines)
    assert [line.place for line in found.found.lines] == [Location(SHOWN, 2), Location(SHOWN, 3)]
    assert (found.path, found.found.read, found.undated, found.limit) == (SHOWN, 3, 0, None)
    assert found.since == world.clock.now() - timedelta(minutes=10)


def test_of_a_release_that_serves_for_long_it_is_the_last_hour() -> None:
    world = _world(timedelta(days=3))
    world.files.write_durable(LOG, (_line(world, timedelta(hours=2)) + _line(world, timedelta())).encode())
    found = world.fact(ErrorLines)
    assert ([line.place.line for line in found.found.lines], found.since) == (
        [2],
        world.clock.now() - timedelta(hours=1),
    )


def test_a_deploy_asks_for_all_that_came_while_it_watched() -> None:
    world = _world(timedelta(minutes=110))
    world.deploying = True
    text = "".join(_line(world, timedelta(minutes=ago)) for ago in (120, 100, 1))
    world.files.write_durable(LOG, text.encode())
    found = world.fact(ErrorLines)
    assert [line.place.line for line in found.found.lines] == [2, 3]
    assert found.since == world.clock.now() - timedelta(minutes=110)


def test_what_a_full_log_held_counts_too_and_the_limit_is_the_service_files() -> None:
    world = _world()
    world.environment = Environment.model_validate({"watch": {"max_error_lines": 0}})
    world.files.write_durable(LOG, b"")
    world.files.write_durable(LOG.with_name("service.log.1"), _line(world, timedelta(minutes=2)).encode())
    found = world.fact(ErrorLines)
    assert ([line.place.path for line in found.found.lines], found.limit) == ([f"{SHOWN}.1"], 0)
    assert isinstance(found.found.lines[0].at, datetime)


def test_a_log_without_times_counts_only_when_this_hours_deploy_began_it() -> None:
    for world, text, undated in (
        (_world(), "INFO up\nERROR no\n", 1),
        (_world(), f"ERROR no\n{_line(_world(), timedelta())}", 0),
        (_world(timedelta(days=3)), "ERROR no\n", 0),
        (_world(built="r2"), "ERROR no\n", 0),
    ):
        world.files.write_durable(LOG, text.encode())
        assert world.fact(ErrorLines).undated == undated


def test_a_time_without_offset_is_of_the_zone_of_the_release() -> None:
    world = _world()
    world.release_env["TZ"] = "Asia/Tokyo"
    at = world.clock.now().astimezone(ZoneInfo("Asia/Tokyo"))
    world.files.write_durable(LOG, f"{at:%Y-%m-%d %H:%M:%S} ERROR no\n".encode())
    (line,) = world.fact(ErrorLines).found.lines
    assert line.at == at.replace(microsecond=0)


def test_without_release_log_or_journal_nothing_is_known() -> None:
    assert World().why_not(ErrorLines).startswith("NotApplicable: nothing is deployed")
    assert _world().why_not(ErrorLines) == f"Unavailable: {SHOWN}: the log of the release that serves is gone"
    assert "no journal tells how this release" in _world(to="r0").why_not(ErrorLines)
