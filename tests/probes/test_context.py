import pytest

from hotelctl.adapters.later import Later
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.core.ports import WorkTree
from hotelctl.facts.connection_room import ConnectionRoom
from tests.probes.worlds import URL, World


def _world(answer: str | StepFailed) -> World:
    def make() -> str:
        world.evidence.record("made", {})
        if isinstance(answer, StepFailed):
            raise answer
        return answer

    world = World(database={"url_env": "DATABASE_URL", "pool_size": 5}, env=None)
    world.later = Later(URL, make)
    world.databases.answer("max_connections", list("abcdefg"), [("live", "app", 100, 3, 7, -1, 20)])
    return world


def _made(world: World) -> int:
    return sum(one["adapter"] == "made" for one in world.evidence.records)


def test_a_database_that_runs_is_asked_as_it_is() -> None:
    assert World().context().database() == URL


def test_one_that_is_made_later_is_made_by_who_asks_it_and_by_nobody_else() -> None:
    world = _world(URL)
    assert world.fact(WorkTree).commit
    assert _made(world) == 0
    assert world.fact(ConnectionRoom).database == "live"
    assert _made(world) == 1


def test_one_that_cannot_be_made_leaves_the_question_open() -> None:
    world = _world(StepFailed("PostgreSQL does not start: no room"))
    assert "Unavailable: PostgreSQL does not start: no room" in world.why_not(ConnectionRoom)


def test_without_one_nothing_can_be_asked() -> None:
    world = World()
    world.database_url = None
    with pytest.raises(Unavailable, match="no database is configured"):
        world.context().database()
