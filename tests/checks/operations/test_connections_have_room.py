from hotelctl.checks.operations.connections_have_room import connections_have_room
from hotelctl.core.finding import Location
from hotelctl.facts.connection_room import ConnectionRoom, Limit
from tests.checks import made


def _room(left: int, taken: int = 0) -> ConnectionRoom:
    return ConnectionRoom("live", 10, Location("hotelctl.toml", 5), (Limit("max_connections", left),), taken)


def test_two_pools_and_the_chores_are_enough() -> None:
    assert not made.judged(connections_have_room, _room(25))


def test_less_is_a_finding_that_names_the_limit() -> None:
    (finding,) = made.judged(connections_have_room, _room(24, 3))
    assert finding.message == (
        "max_connections leaves 24 connections after 3 of others; a deploy may open 25: 2 pools of 10 and 5 "
        "for chores"
    )
    assert (finding.subject, str(finding.location)) == ("max_connections", "hotelctl.toml:5")
