from hotelctl.config.environment import Environment
from hotelctl.facts.demo_accounts import DemoAccounts
from tests.probes.worlds import SERVING, World

QUERY = "SELECT email FROM people WHERE demo"


def _world(rows: int = 0, **security: str) -> World:
    world = World(security=security)
    world.serving = SERVING
    world.environment = Environment(profile="production")
    world.databases.answer("current_database()", ("n",), [("live",)])
    world.databases.answer("FROM people", ("email",), [(f"demo{n}@x.example",) for n in range(rows)])
    return world


def test_the_services_own_query_is_asked_and_some_names_are_kept() -> None:
    fact = _world(7, demo_query=QUERY).fact(DemoAccounts)
    assert (fact.profile, fact.database, fact.statement, fact.count) == ("production", "live", QUERY, 7)
    assert len(fact.shown) == 5


def test_without_a_query_a_release_or_a_database_nothing_is_asked() -> None:
    assert "demo_query" in _world().why_not(DemoAccounts)
    world = _world(demo_query=QUERY)
    world.database_url = None
    assert "no database" in world.why_not(DemoAccounts)
    world.serving = None
    assert "nothing is deployed" in world.why_not(DemoAccounts)


def test_a_database_that_is_away_is_unknown() -> None:
    world = _world(demo_query=QUERY)
    world.databases.down = "connection refused"
    assert world.why_not(DemoAccounts) == "Unavailable: connection refused"
