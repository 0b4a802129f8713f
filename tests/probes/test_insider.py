from typing import Any

import pytest

from hotelctl.config.service import Security
from hotelctl.core.errors import Unavailable
from hotelctl.probes.insider import Insider, nobody_like, require_people
from hotelctl.probes.interview import Interview
from tests.fakes.http import FakeHttp

BASE = "http://127.0.0.1:8001"
VALUES = {"name": "ana@a.example", "password": "p", "other_name": "ben@b.example", "other_password": "q"}
BY_TOKEN = {"request": "POST /log-in", "json": {"n": "{name}", "p": "{password}"}, "token": "access.token"}
BY_COOKIE = {"request": "POST /enter", "form": {"n": "{name}"}, "headers": {"X-Own": "1"}, "accepted": 303}


def insider(http: FakeHttp, **security: Any) -> Insider:  # noqa: ANN401 - tables of the service file
    return Insider(Interview(http, BASE), Security.model_validate(security), VALUES)


def test_the_right_a_wrong_and_an_unknown_are_tried_at_every_way_in() -> None:
    http = FakeHttp()
    for path, status in (("/log-in", 200), ("/enter", 303)):
        http.answer("POST", BASE + path, status)
    first, second = insider(http, log_in=[BY_TOKEN, BY_COOKIE]).attempts()
    assert (first.accepted, first.refused, second.accepted) == (200, 401, 303)
    sent = [one.json["n"] for one in http.requests[:3]]
    assert sent[:2] == ["ana@a.example"] * 2
    assert sent[2] == first.names[1] != "ana@a.example"
    words = [one.json["p"] for one in http.requests[:3]]
    assert words[0] == "p"
    assert len(set(words)) == 3


def test_a_pass_is_a_token_or_a_cookie() -> None:
    http = FakeHttp()
    http.answer("POST", f"{BASE}/log-in", 200, {"access": {"token": "t-1"}})
    http.answer("POST", f"{BASE}/enter", 303, headers={"set-cookie": "sid=s-1; HttpOnly, b=2"})
    assert insider(http, log_in=[BY_TOKEN]).pass_of() == {"Authorization": "Bearer t-1"}
    assert insider(http, log_in=[BY_COOKIE]).pass_of(other=True) == {"Cookie": "sid=s-1; b=2", "X-Own": "1"}
    assert http.requests[-1].form == {"n": "ben@b.example"}


@pytest.mark.parametrize(
    ("ways", "status", "words"),
    [
        ([], 200, "declares no"),
        ([BY_TOKEN], 401, "answered 401, declared is 200"),
        ([BY_TOKEN], 200, "lacks access.token"),
        ([{**BY_TOKEN, "token": None}], 200, "sets no cookie"),
    ],
)
def test_who_cannot_come_in_is_told(ways: list[dict[str, Any]], status: int, words: str) -> None:
    http = FakeHttp()
    http.answer("POST", f"{BASE}/log-in", status, "{}")
    with pytest.raises(Unavailable, match=words):
        insider(http, log_in=ways).pass_of()


def test_another_tenants_object_is_asked_for_by_both() -> None:
    http = FakeHttp()
    http.answer("POST", f"{BASE}/log-in", 200, {"access": {"token": "other"}})
    http.answer("GET", f"{BASE}/things/ben@b.example", 200)
    asking = insider(http, log_in=[BY_TOKEN], other_tenant=["GET /things/{other_name}"])
    (crossing,) = asking.crossings()
    assert crossing.owner.sent == "its owner's log-in"
    assert crossing.stranger.request == "GET /things/ben@b.example with another tenant's log-in"
    assert [one.json["n"] for one in http.requests[:2]] == ["ana@a.example", "ben@b.example"]
    assert list(insider(http).crossings()) == []


def test_a_limit_is_asked_until_it_holds_and_no_longer_than_twice() -> None:
    limit = {"request": "POST /log-in", "json": {"n": "{name}"}, "allowed": 3}
    http = FakeHttp()
    for status in (401, 401, 401, 429):
        http.answer("POST", f"{BASE}/log-in", status)
    (found,) = insider(http, limit=[limit]).floods()
    assert (found.count, found.allowed, found.last.reply.status) == (4, 3, 429)
    assert len({one.json["n"] for one in http.requests}) == 4
    never = FakeHttp()
    never.answer("POST", f"{BASE}/log-in", 401)
    (found,) = insider(never, limit=[limit]).floods()
    assert (found.count, found.last.reply.status) == (7, 401)


def test_a_seed_that_named_nobody_is_told() -> None:
    require_people(VALUES)
    with pytest.raises(Unavailable, match="printed no password, other_name"):
        require_people({"name": "x", "password": "", "other_password": "y"})


def test_nobody_is_like_the_one_who_is() -> None:
    assert nobody_like("ana@a.example").endswith("@a.example")
    assert "@" not in nobody_like("ana")
    assert nobody_like("") != nobody_like("")
