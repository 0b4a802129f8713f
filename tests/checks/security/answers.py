"""Answers of an instance, made by hand: good ones, to be changed where a test wants a fault."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hotelctl.core.http import Reply
from hotelctl.core.ports import Completed
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.running_service import Asked
from hotelctl.facts.sandbox_answers import Attempts, Flood, KeyStep, SandboxAnswers

BASE = "http://127.0.0.1:8001"
GOOD = {
    "content-type": "text/html; charset=utf-8",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'self'; script-src 'self' 'nonce-abc'; frame-ancestors 'none'",
    "referrer-policy": "same-origin",
}
HTTPS = {**GOOD, "strict-transport-security": "max-age=31536000"}


def asked(
    request: str = "GET /",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    body: str = "",
    sent: str = "",
) -> Asked:
    """A question and its answer."""
    method, path = request.split(" ", 1)
    reply = Reply(status, GOOD if headers is None else headers, body, 0.01, "ev-1")
    return Asked(f"{BASE}{path}", reply, method, sent)


def live(**fields: Any) -> LiveAnswers:  # noqa: ANN401 - any field of the fact
    """An instance with one page and one protected route, both in order, with `fields` changed."""
    pages = (asked(), asked("GET /nobodys", 404, body="not found"))
    made = LiveAnswers(
        place="release r1",
        profile="production",
        https=False,
        pages=pages,
        origins=(asked(sent="Origin: https://foreign.invalid"),),
        intruders=(asked("GET /mine", 401, sent="no token"),),
        log_in_page="/login",
        hidden=(asked("GET /docs", 404, body="not found"),),
    )
    return replace(made, **fields)


def attempts(**fields: Any) -> Attempts:  # noqa: ANN401 - any field of the fact
    """A way in that tells nobody anything, with `fields` changed."""
    refusal = '{"title": "no", "request_id": "%s"}'
    made = Attempts(
        right=asked("POST /log-in", 200, sent="the right password"),
        wrong=asked("POST /log-in", 401, body=refusal % 1, sent="a wrong password"),
        unknown=asked("POST /log-in", 401, body=refusal % 2, sent="an unknown name"),
        accepted=200,
        refused=401,
        names=("ana@a.example", "nobody-1@a.example"),
        volatile=("request_id",),
    )
    return replace(made, **fields)


def flood(status: int = 429, **headers: str) -> Flood:
    """Eleven requests where five are allowed, and the last answer."""
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return Flood(5, 11, asked("POST /log-in", status, said))


def key_step(exit_code: int = 0, before: int = 200, after: int = 200, name: str = "publish") -> KeyStep:
    """One step, and the answers to an old and a new log-in after it."""
    done = Completed(("program", "keys", name), exit_code, "", "too early", False, 0.1, "ev-2")  # noqa: FBT003 - a fact
    old = asked("GET /mine", before, sent="a log-in of before the exchange")
    return KeyStep(done, old, asked("GET /mine", after, sent="a log-in of after the exchange"))


def sandbox(**fields: Any) -> SandboxAnswers:  # noqa: ANN401 - any field of the fact
    """A sandbox in which everything is in order, with `fields` changed."""
    made = SandboxAnswers(
        live=live(),
        demo=None,
        attempts=(attempts(),),
        floods=(flood(retry_after="60"),),
        key_steps=(key_step(), key_step(name="switch"), key_step(1, name="retire")),
    )
    return replace(made, **fields)
