from pathlib import Path
from typing import Any

import pytest

from hotelctl.config.environment import Environment
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.work import Migrated
from hotelctl.facts.artifact import Export
from hotelctl.facts.installation import Installation
from hotelctl.probes.throw_away import ThrowAway, throw_away
from tests.fakes.processes import Answer
from tests.probes.worlds import World

VENV = Path("/throw-away/venv")
EXPORT = Export("c" * 40, Path("/throw-away/source"))


def _world(**changes: Any) -> World:  # noqa: ANN401 - tables of the service file
    run = {
        "command": ["{venv}/bin/run", "--port", "{port}"],
        "prepare": [["{venv}/bin/keys", "{state}"]],
        "env": {"STATE": "{state}", "COLOUR": "red", "PUBLIC": "{public_url}"},
    }
    world = World(env={}, run=run, **changes)
    world.files.make_directory(EXPORT.path)
    world.processes.answer(["/throw-away/venv/bin/keys"])
    return world


def _installed(exit_code: int = 0) -> Installation:
    return Installation(VENV, exit_code, (), "")


def _opened(world: World) -> ThrowAway:
    with throw_away(_installed(), EXPORT, world.context()) as made:
        assert world.instances.alive == 1
    assert world.instances.alive == 0
    return made


def test_it_has_its_own_database_state_and_port_and_nothing_of_it_stays() -> None:
    world = _world()
    made = _opened(world)
    (started,) = world.instances.started
    assert started.argv[-1] == made.url.rpartition(":")[2]
    assert started.ready_url == f"{made.url}/ready"
    assert started.env["STATE"] == "/throw-away/sandbox"
    assert started.env["PUBLIC"] == made.url
    assert "scratch_sandbox" in started.env["DATABASE_URL"]
    assert started.env["DATABASE_URL"].startswith("postgresql://app:")
    assert [name for name in world.databases.databases if "scratch" in name] == []
    assert [words[0] for words in (world.work.upgrades)] == ["hotelctl_scratch_sandbox"]
    assert world.processes.commands[0].argv[1] == "/throw-away/sandbox"


def test_its_settings_win_over_those_of_the_release_and_the_public_address_is_the_real_one() -> None:
    world = _world(security={"sandbox": {"env": {"COLOUR": "{environment}"}}})
    world.environment = Environment(public_url="https://a.example")
    _opened(world)
    env = world.instances.started[0].env
    assert (env["COLOUR"], env["PUBLIC"]) == ("local", "https://a.example")


def test_a_service_without_a_database_has_none() -> None:
    world = _world(database=None, migrations=None)
    assert _opened(world).database_url is None
    assert "DATABASE_URL" not in world.instances.started[0].env


def test_what_keeps_it_from_running_is_told() -> None:
    with (
        pytest.raises(Unavailable, match="could not be installed"),
        throw_away(_installed(1), EXPORT, _world().context()),
    ):
        pass
    world = _world()
    world.instances.refuse = "port in use"
    with pytest.raises(Unavailable, match=r"does not run in a sandbox: .*port in use"):
        _opened(world)
    world = _world()
    world.work.migrated = Migrated(ok=False, revision=None, applied=(), why="no such table")
    with pytest.raises(Unavailable, match="migrations fail in a sandbox: no such table"):
        _opened(world)
    world = _world()
    world.processes.answer(["/throw-away/venv/bin/keys"], Answer(1, stderr="no room"))
    with pytest.raises(Unavailable, match="preparation fails in a sandbox: no room"):
        _opened(world)
    assert [name for name in world.databases.databases if "scratch" in name] == []


def test_the_seed_is_the_services_own_and_may_fail() -> None:
    world = _world(security={"sandbox": {"seed": ["seed"]}})
    world.work.seeded = {"name": "ana"}
    made = _opened(world)
    assert made.seeded() == {"name": "ana"}
    world.work.seeded = StepFailed("smoke.prepare failed: no table")
    with pytest.raises(Unavailable, match=r"^security\.sandbox\.seed failed: no table$"):
        made.seeded()
    assert _opened(_world()).seeded() == {}


def test_what_is_asked_for_beside_wins_over_its_settings() -> None:
    world = _world(security={"sandbox": {"env": {"COLOUR": "green"}}})
    with throw_away(_installed(), EXPORT, world.context(), {"COLOUR": "blue"}) as made:
        assert (made.env["COLOUR"], world.instances.started[0].env["COLOUR"]) == ("blue", "blue")
