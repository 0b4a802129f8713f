from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.probes.anonymous import NOBODYS_PATH
from tests.probes.worlds import SERVING, World


def test_what_serves_is_asked_through_the_edge_and_nobody_logs_in() -> None:
    world = World(
        security={"log_in": [{"request": "POST /log-in"}], "limit": [{"request": "GET /", "allowed": 1}]}
    )
    world.serving = SERVING
    for method, path in (("GET", "/"), ("OPTIONS", "/"), ("GET", NOBODYS_PATH)):
        world.http.answer(method, SERVING.url + path)
    fact = world.fact(LiveAnswers)
    assert fact.place == "release r1"
    assert {one.method for one in world.http.requests} == {"GET", "OPTIONS"}
    assert all(one.url.startswith(SERVING.url) for one in world.http.requests)


def test_nothing_serves_or_nobody_can_tell() -> None:
    assert World().why_not(LiveAnswers) == "NotApplicable: nothing is deployed here yet"
    world = World()
    world.diverged = "the edge points at 'garbage'"
    assert world.why_not(LiveAnswers).startswith("Unavailable")
