import pytest

from hotelctl.config.service import LogIn
from hotelctl.core.errors import Unavailable
from hotelctl.probes.interview import Interview, filled
from tests.fakes.evidence import FakeEvidence
from tests.fakes.http import FakeHttp

BASE = "http://127.0.0.1:8001"


def test_a_question_and_its_answer() -> None:
    http = FakeHttp()
    http.answer("GET", f"{BASE}/a", 403, "no")
    asked = Interview(http, f"{BASE}/").ask("GET /a", "no token", {"X-A": "1"})
    assert (asked.request, asked.reply.status) == ("GET /a with no token", 403)
    assert http.requests[0].headers == {"X-A": "1"}


def test_a_declared_request_is_filled_everywhere_and_its_answer_is_not_recorded() -> None:
    evidence = FakeEvidence()
    http = FakeHttp(evidence)
    http.answer("POST", f"{BASE}/enter/ana", 200, "a token")
    raw = {"request": "POST /enter/{name}", "form": {"w": "{password}"}, "headers": {"X-N": "{name}"}}
    way = LogIn.model_validate(raw)
    talk = Interview(http, BASE)
    assert talk.send(way, {"name": "ana", "password": "p"}, headers={"X-B": "2"}).reply.body == "a token"
    (request,) = http.requests
    assert (request.form, request.headers, request.json) == ({"w": "p"}, {"X-N": "ana", "X-B": "2"}, None)
    assert not evidence.outputs


def test_no_answer_and_an_unknown_name_are_told() -> None:
    with pytest.raises(Unavailable, match="GET /a: no answer: connection refused"):
        Interview(FakeHttp(), BASE).ask("GET /a")
    with pytest.raises(Unavailable, match=r"nothing is known for \{nmae\}"):
        filled({"a": ["{nmae}"]}, {"name": "x"})
