import base64
import json
from typing import Any

import pytest

from hotelctl.config.environment import Environment
from hotelctl.config.load import Configuration
from hotelctl.core.errors import Unavailable
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.probes.anonymous import FOREIGN_ORIGIN, NOBODYS_PATH, anonymous_answers
from hotelctl.probes.interview import Interview
from tests.fakes.http import FakeHttp
from tests.probes.worlds import World

BASE = "http://127.0.0.1:8001"
SECURITY: dict[str, Any] = {
    "pages": ["/", "/about"],
    "protected": ["GET /mine", "POST /mine"],
    "cookies": ["sid", "old"],
    "hidden": ["/inside"],
}


class _Yes(FakeHttp):
    """Answers everything."""

    def request(self, method: str, url: str, **more: Any) -> Any:  # noqa: ANN401 - as the fake
        self.answer(method, url)
        return super().request(method, url, **more)


def _asked(environment: Environment, security: dict[str, Any]) -> tuple[LiveAnswers, _Yes]:
    configuration = World(security=security).context().configuration
    http = _Yes()
    changed = Configuration(
        configuration.spec, "x", environment, configuration.project, configuration.file, {}
    )
    return anonymous_answers(Interview(http, BASE), changed, "release r1"), http


def test_pages_errors_and_a_protected_answer_are_looked_at() -> None:
    found, _ = _asked(Environment(), SECURITY)
    assert [one.request for one in found.pages] == ["GET /", "GET /about", "GET /mine", f"GET {NOBODYS_PATH}"]
    assert found.nobodys is found.pages[-1]
    assert (found.place, found.profile, found.https, found.hidden) == ("release r1", "ci", False, ())


def test_foreign_pages_ask_by_a_lookalike_too_and_before_they_send() -> None:
    found, http = _asked(Environment(public_url="https://a.example"), SECURITY)
    assert found.https
    origins = [one.headers["Origin"] for one in http.requests if "Origin" in one.headers]
    assert origins[:4] == [FOREIGN_ORIGIN, "https://a.example.foreign.invalid", "null", FOREIGN_ORIGIN]
    assert [one.method for one in found.origins] == ["GET", "GET", "GET", "OPTIONS"] * 2


def test_every_protected_route_is_tried_in_every_disguise() -> None:
    found, http = _asked(Environment(), SECURITY)
    sent = ["no token", "an unsigned token", "a forged cookie", "spoofed headers"]
    assert [one.sent for one in found.intruders] == sent * 2
    tokens = [one.headers["Authorization"] for one in http.requests if "Authorization" in one.headers]
    head, claims, signature = tokens[0].removeprefix("Bearer ").split(".")
    assert json.loads(base64.urlsafe_b64decode(head + "==="))["alg"] == "none"
    assert json.loads(base64.urlsafe_b64decode(claims + "==="))["role"] == "admin"
    assert signature == ""
    worn = next(one.headers["Cookie"] for one in http.requests if "Cookie" in one.headers)
    assert [pair.partition("=")[0] for pair in worn.split("; ")] == ["sid", "old"]


def test_production_is_asked_for_what_it_must_not_show() -> None:
    found, _ = _asked(Environment(profile="production"), SECURITY)
    paths = [one.request for one in found.hidden]
    assert {"GET /openapi.json", "GET /.env", "GET /inside"} <= set(paths)
    assert len(paths) == len(set(paths))


def test_a_service_that_declares_nothing_is_asked_for_its_front_page() -> None:
    found, _ = _asked(Environment(), {})
    assert [one.request for one in found.pages] == ["GET /", f"GET {NOBODYS_PATH}"]
    assert (found.intruders, len(found.origins)) == ((), 4)


def test_an_instance_that_does_not_answer_is_told() -> None:
    configuration = World().context().configuration
    with pytest.raises(Unavailable, match="GET /: no answer"):
        anonymous_answers(Interview(FakeHttp(), BASE), configuration, "release r1")
