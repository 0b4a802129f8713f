"""Every form of a page with what a person may type and with what no page ever sends.

No answer is an error of ours; each refusal is a page for people, and the problem for who asks for no page;
without the token of the session nothing is done.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi.dependencies.models import Dependant
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import BaseModel

from hotelctl.app.api.csrf import form_token
from tests.app.operations import known_values
from tests.app.page_routes import posted_pages
from tests.app.people import PASSWORD
from tests.app_system.form_data import CSRF, Sent, fitting, mixed, one_odd
from tests.app_system.fuzzed import AFRESH, furnish, open_ways
from tests.app_system.instances import Instance, running

pytestmark = pytest.mark.system
_MIXED = 12
_OWNER, _GUEST = "an-owner-that-nobody-guesses-0123456789ab", "a-guest-that-nobody-guesses-0123456789abc"
_SECRET = "a-code-or-link-that-nobody-guesses-012345"
_OPEN = {"/login", "/forgot-password", "/set-password/{token}", "/q/{token}", "/staff/scan"}
# What is not named here may be left empty.
_TEXTS = {
    "email": "owner@fuzz.example",
    "password": PASSWORD,
    "current": PASSWORD,
    "new": "a new password of some length",
    "again": "a new password of some length",
    "next": "/staff",
    "code": _SECRET,
    "locale": "en",
    "role": "staff",
    "department": "general",
    "display_name": "Kim",
    "name": "Grand Hotel",
    "title": "Tap leaks",
    "body": "It drips.",
    "audience": "guest",
    "lang": "simple",
    "tags": "offer",
    "version": "1",
    "status": "IN_PROGRESS",
    "priority": "LOW",
    "visibility": "INTERNAL",
    "description": "It drips.",
    "room_label": "204",
    "guest_name": "Kim",
    "purpose": "guest_access",
    "ttl_minutes": "60",
    "max_uses": "1",
    "rooms": "204",
    "stars": "5",
    "decision": "confirm",
    "content": "Two towels please",
    "question": "Is there a pool?",
    "timezone": "UTC",
    "plan": "standard",
    "ai_monthly_limit": "1000",
    "brand_color": "#a1b2c3",
    "quiet_hours": "22:00-07:00",
    "conversations": "30",
    "ai_payloads": "30",
    "session_logs": "90",
    "deleted_rows": "30",
    "file": '{"title": "Pool", "body": "Opens at 8.", "audience": "guest"}',
    "once": "01890000-0000-7000-8000-0000000000aa",
    "message_id": "01890000-0000-7000-8000-0000000000ab",
}
_OWN = {
    "/staff/work-orders/{order_id}": {"status": "in_progress"},
    "/staff/work-orders/{order_id}/change": {"status": "in_progress"},
    "/admin/users/new": {"email": "new@fuzz.example"},
}
_ODD_PATHS = ("%00", "%ED%A0%80", "%FF", "..%2F..", "a%0d%0aX:%20y", "9" * 40, "x" * 5_000)
_MAILS = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "9", "EMAIL_FROM": "assistant@hotel.example"}
_REFUSED = {400, 401, 403, 404, 409, 412, 413, 422, 423}


def _fields(dependant: Dependant) -> Iterator[str]:
    for one in dependant.body_params:
        kind = one.field_info.annotation
        is_shape = isinstance(kind, type) and issubclass(kind, BaseModel)
        yield from kind.model_fields if is_shape else [one.alias]  # type: ignore[union-attr]
    for inner in dependant.dependencies:
        yield from _fields(inner)


class _Fuzz:
    """Asks an instance for one form after the other, and remembers what was wrong with the answers."""

    def __init__(self, client: httpx.Client, owner: psycopg.Connection, known: dict[str, str]) -> None:
        self._client, self._owner, self._known = client, owner, known
        self.wrong: list[str] = []
        self.asked = 0

    def form(self, path: str, names: list[str]) -> None:
        """All that one form is asked."""
        token = "" if path in _OPEN else _GUEST if path.startswith("/guest") else _OWNER
        texts = _TEXTS | self._known | _OWN.get(path, {})
        values = {name: texts.get(name, "").encode() for name in names}
        if CSRF in values:
            values[CSRF] = form_token(token).encode()
        url = path.format(**self._known)
        if self._ask(url, token, fitting(values)).status_code >= 400:
            self.wrong.append(f"{path}: refuses what a page would send")
        for sent in one_odd(values):
            self._ask(url, token, sent)
        for odd in _ODD_PATHS if "{" in path else ():
            self._ask(re.sub(r"{\w+}", odd, path), token, fitting(values))

        @settings(
            max_examples=_MIXED,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(sent=mixed(values))
        def mix(sent: Sent) -> None:
            self._ask(url, token, sent)

        mix()

    def _ask(self, url: str, token: str, sent: Sent) -> httpx.Response:
        self._owner.execute(AFRESH)
        self.asked += 1
        wants_page = bool(self.asked % 3)
        headers = {
            "Content-Type": sent.content_type,
            "Sec-Fetch-Site": "same-origin",
            "Cookie": f"hotel={token}",
        }
        headers["Accept"] = "text/html" if wants_page else "application/json"
        answer = self._client.post(url, content=sent.body, headers=headers)
        for fault in _faults(answer, wants_page=wants_page, must_refuse=bool(token) and not sent.is_meant):
            self.wrong.append(
                f"{url}: {answer.status_code}: {fault}: {sent.content_type} {sent.body[:300]!r}"
            )
        return answer


def _faults(answer: httpx.Response, *, wants_page: bool, must_refuse: bool) -> Iterator[str]:
    status, kind = answer.status_code, answer.headers.get("Content-Type", "").partition(";")[0]
    if status not in _REFUSED | {200, 201, 303}:
        yield "is no answer to a form"
    if must_refuse and status < 400:
        yield "was done without the token of the session"
    if status == 303 and not answer.headers["Location"].startswith("/"):
        yield "leads elsewhere"
    if status != 303 and not _is_shown(answer, kind, wants_page=wants_page):
        yield f"is neither the page nor the problem: {kind}"
    if "X-Request-Id" not in answer.headers or answer.headers.get("X-Content-Type-Options") != "nosniff":
        yield "lacks what each answer carries"


def _is_shown(answer: httpx.Response, kind: str, *, wants_page: bool) -> bool:
    if kind == "application/zip":
        return answer.status_code == 200
    if kind == "text/html":
        return 'data-page="' in answer.text
    body: dict[str, Any] = answer.json() if kind == "application/problem+json" else {}
    return not wants_page and body.get("status") == answer.status_code and bool(body.get("code"))


@pytest.fixture
def fuzz(
    spare_url: str, as_runtime: Callable[[str], str], environment: dict[str, str], tmp_path: Path
) -> Iterator[tuple[_Fuzz, Instance]]:
    with (
        psycopg.connect(spare_url, autocommit=True) as owner,
        running(
            {**environment, **_MAILS, "DATABASE_URL": as_runtime(spare_url)}, tmp_path / "log"
        ) as instance,
        httpx.Client(base_url=instance.base_url, timeout=60) as client,
    ):
        made = furnish(owner, ["owner"], _GUEST)
        action_id = open_ways(owner, "owner@fuzz.example", {"web": _OWNER}, _SECRET)
        known = known_values(made) | {"action_id": action_id, "token": _SECRET}
        known["order_id"] = known["work_order_id"]
        yield _Fuzz(client, owner, known), instance


def test_no_form_gets_more_than_a_refusal_out_of_the_service(fuzz: tuple[_Fuzz, Instance]) -> None:
    fuzzed, instance = fuzz
    forms = {path: list(dict.fromkeys(_fields(route.dependant))) for path, route in posted_pages().items()}
    for path, names in forms.items():
        fuzzed.form(path, names)
    assert not fuzzed.wrong, "\n\n".join(fuzzed.wrong)
    assert instance.events("request_failed") == []
    assert fuzzed.asked > len(forms) * 2 * _MIXED
