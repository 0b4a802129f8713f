from hotelctl.core.finding import Location
from hotelctl.facts.connection_room import ConnectionRoom, Limit, limits


def test_the_tightest_limit_comes_first_and_minus_one_is_none() -> None:
    plain = limits(most=100, reserved=3, taken=7, database=-1, role=-1, role_name="app")
    assert plain == (Limit("max_connections", 90),)
    every = limits(most=100, reserved=3, taken=7, database=40, role=0, role_name="app")
    assert [(one.name, one.room) for one in every] == [
        ("the CONNECTION LIMIT of app", 0),
        ("the database's CONNECTION LIMIT", 40),
        ("max_connections", 90),
    ]


def test_a_deploy_needs_two_pools_and_some_more() -> None:
    assert ConnectionRoom("live", 10, Location("x"), (), 0).needed == 25
