import pytest

from hotelctl.checks.security.protected_routes_refuse import protected_routes_refuse
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding
from hotelctl.facts.live_answers import Crossing
from tests.checks import made
from tests.checks.security.answers import asked, live


def found(status: int, headers: dict[str, str] | None = None) -> list[Finding]:
    intruder = asked("GET /mine", status, headers or {}, sent="an unsigned token")
    return made.judged(protected_routes_refuse, live(intruders=(intruder,)))


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_is_fine(status: int) -> None:
    assert not found(status)


def test_so_is_being_sent_to_the_log_in_page_and_nowhere_else() -> None:
    assert not found(303, {"location": "/login?next=/mine"})
    assert not found(302, {"location": "https://a.example/login"})
    assert found(307, {"location": "/mine/"})
    assert found(302)


@pytest.mark.parametrize("status", [200, 204, 404, 422, 500])
def test_anything_else_is_a_finding(status: int) -> None:
    (finding,) = found(status)
    assert finding.message == f"GET /mine with an unsigned token is not refused: it answers {status}"


def crossing(owner: int, stranger: int) -> list[Finding]:
    both = Crossing(
        asked("GET /things/7", owner, sent="its owner's log-in"),
        asked("GET /things/7", stranger, sent="another tenant's log-in"),
    )
    return made.judged(protected_routes_refuse, live(crossings=(both,)))


def test_another_tenants_object_is_not_there_for_others() -> None:
    assert not crossing(200, 404)
    assert not crossing(200, 403)
    (finding,) = crossing(200, 200)
    assert finding.subject == "GET /things/7 with another tenant's log-in"


def test_a_refusal_that_meets_its_owner_too_proves_nothing() -> None:
    with pytest.raises(Unavailable, match="proves nothing"):
        crossing(404, 404)


def test_without_a_declared_route_nothing_is_said() -> None:
    with pytest.raises(NotApplicable, match="protected"):
        made.judged(protected_routes_refuse, live(intruders=()))
