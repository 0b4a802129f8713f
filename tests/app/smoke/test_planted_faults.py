"""Each probe turns red by a fault that is planted for it; a probe without one is not let in."""

from collections.abc import Callable
from types import SimpleNamespace

import httpx
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.api import staff_page
from hotelctl.app.domain.work_orders import ChangeSource
from hotelctl.app.smoke import carry_over, database
from hotelctl.app.smoke.carry_over import issue, probe_of
from hotelctl.app.smoke.probes import PROBES
from hotelctl.app.smoke.run import Run, run_probes
from tests.app.smoke.conftest import Verdict
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]
Plant = Callable[[Lying, pytest.MonkeyPatch], None]
_OK, _NOBODYS = 200, 404
_TIGHT = (
    "default-src 'self'; script-src 'self' 'nonce-x'; frame-ancestors 'none'; base-uri 'none';"
    " form-action 'self'; object-src 'none'"
)
_TAPS = "/staff/work-orders/"


def _not_ready(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.says("GET", "/readyz", 503)


def _open_to_all(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.says("GET", "/api/protected", 200)


def _another_picture(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.changes("/api/qr/generate", svg="<svg/>")


def _good_twice(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.says("POST", "/api/qr/validate", 200)


def _made_up_figures(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.rewrites("/admin", 'data-figure="tickets.open">1<', 'data-figure="tickets.open">12<')


def _made_up_for_programs(lying: Lying, _: pytest.MonkeyPatch) -> None:
    made_up = dict.fromkeys(("low", "medium", "high", "overdue"), 0) | {"urgent": 1, "unassigned": 1}
    lying.changes("/api/dashboard/admin", tickets={**made_up, "open": 12})


def _nobody_counted_it(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.rewrites("/admin", "<dt>Release</dt>", '<dt>Guests</dt><dd data-figure="guests">31</dd>')


def _has_policy(lying: Lying, said: str) -> None:
    def loosen(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path == "/admin" and response.status_code == _OK:
            response.headers["Content-Security-Policy"] = said
        return response

    lying.lies.append(loosen)


def _loose_policy(lying: Lying, _: pytest.MonkeyPatch) -> None:
    _has_policy(lying, "default-src 'self'")


def _unsafe_policy(lying: Lying, _: pytest.MonkeyPatch) -> None:
    _has_policy(lying, f"{_TIGHT}; style-src 'unsafe-inline'")


def _any_kind(lying: Lying, _: pytest.MonkeyPatch) -> None:
    def drop(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path == "/admin":
            response.headers.pop("X-Content-Type-Options", None)
        return response

    lying.lies.append(drop)


def _dead_link(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.rewrites("/admin", "<h1>", '<h1><a href="/admin/nowhere?a=1&amp;b=2">')


def _work_unseen(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.changes("/api/dashboard/staff", unassigned_work_orders=[])


def _work_made_up(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.rewrites("/staff", '"work_orders.mine">0<', '"work_orders.mine">3<')


def _work_without_a_button(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.rewrites("/staff", '<form method="post" action="/staff/work-orders/', '<form action="/elsewhere/')


def _tapped_by_other_sites(lying: Lying, _: pytest.MonkeyPatch) -> None:
    def accept(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        tapped = request.method == "POST" and request.url.path.startswith(_TAPS)
        return httpx.Response(303, headers={"location": "/staff"}) if tapped else response

    lying.lies.append(accept)


def _tapped_by_a_program(_: Lying, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_page, "ChangeSource", SimpleNamespace(MANUAL=ChangeSource.API))


def _still_nobodys(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.rewrites("/staff", 'value="done"', 'value="begin"')


def _slow(_: Lying, monkeypatch: pytest.MonkeyPatch) -> None:
    async def sleep(session: AsyncSession) -> None:
        await session.execute(text("SELECT pg_sleep(0.3)"))

    monkeypatch.setattr(database, "_STATEMENTS", {**database._STATEMENTS, "dashboard counts": sleep})
    monkeypatch.setattr(database, "_ROUNDS", 3)


def _shown_to_others(lying: Lying, _: pytest.MonkeyPatch) -> None:
    def show(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        hidden = request.method == "GET" and response.status_code == _NOBODYS
        return httpx.Response(200, json={}) if hidden else response

    lying.lies.append(show)


def _listed_for_others(lying: Lying, _: pytest.MonkeyPatch) -> None:
    people = [f"{who}@{hotel}.example" for who in ("manager", "staff") for hotel in ("alpha", "beta")]
    lying.says("GET", "/api/tickets", 200, {"items": people})


def _out_of_order(lying: Lying, _: pytest.MonkeyPatch) -> None:
    lying.says("GET", "/api/audit", 500, after=1)


def _opened_by_what_is_kept(lying: Lying, _: pytest.MonkeyPatch) -> None:
    asked = []

    def open_second(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if not request.url.path.startswith("/q/") or request.method != "GET":
            return response
        asked.append(request.url.path)
        return httpx.Response(200, text="Welcome to beta") if len(asked) > 1 else response

    lying.lies.append(open_second)


_PLANTED: tuple[tuple[str, Plant, str], ...] = (
    ("P0", _not_ready, "GET /readyz: answered 503, must be 200"),
    ("P1", _open_to_all, "GET /api/protected: answered 200, must be 401"),
    ("P2", _another_picture, "the SVG does not show the code's address"),
    ("P3", _good_twice, "POST /api/qr/validate: answered 200, must be 401"),
    ("P4", _made_up_figures, "GET /admin: tickets.open is 12, the database counts 1"),
    ("P4", _made_up_for_programs, "dashboard/admin: tickets.open is 12, the database counts 1"),
    ("P4", _nobody_counted_it, "GET /admin: guests is 31, the database counts none"),
    ("P4", _loose_policy, "the content security policy lacks script-src 'self' 'nonce-"),
    (
        "P4",
        _unsafe_policy,
        "the content security policy allows what is unsafe",
    ),
    ("P4", _any_kind, "X-Content-Type-Options is not nosniff"),
    ("P4", _dead_link, "GET /admin/nowhere?a=1&b=2: answered 404, must be 200"),
    ("P5", _work_unseen, "a work order that is nobody's yet is not shown"),
    ("P5", _work_made_up, "GET /staff: work_orders.mine is 3, the database counts 0"),
    ("P5", _work_without_a_button, "the page has no form for /staff/work-orders/"),
    ("P5", _tapped_by_other_sites, "answered 303, must be 403"),
    ("P5", _tapped_by_a_program, "1 changes of status are written down, 0 of them by the tap, must be 1"),
    ("P5", _still_nobodys, "has no button 'done'"),
    ("P6", _slow, "dashboard counts p95 above SELECT 1 is"),
    ("P8", _shown_to_others, "answered 200 for another hotel's object, must be 404"),
    (
        "P8",
        _listed_for_others,
        "GET /api/tickets: the answer (200) shows the address of a user of another hotel",
    ),
    ("P8", _out_of_order, "GET /api/audit?actor_id="),
    ("P8", _opened_by_what_is_kept, "GET /q/{token}: answers otherwise for another hotel's code"),
)
# What the former release issued, and what of it is lost before the next one is asked.
_LOST = {
    "access_token": "UPDATE sessions SET revoked_at = now(), revoke_reason = 'logout' WHERE kind = 'api'",
    "cookie": "DELETE FROM sessions WHERE kind = 'web'",
    "code": "DELETE FROM guest_staff_qr_tokens WHERE use_count = 0",
    "guest": "DELETE FROM sessions WHERE kind = 'guest'",
    "used_up": "DELETE FROM rate_limits",
}


def test_every_probe_has_a_fault() -> None:
    asked = [probe.name.split()[0] for probe in PROBES] + [carry_over.NAME.split()[0]]
    assert {number for number, _, _ in _PLANTED} | {"P7"} == set(asked)
    assert sorted(asked) == [f"P{number}" for number in range(9)]


@pytest.mark.parametrize(
    ("number", "plant", "told"), _PLANTED, ids=[f"{one[0]}{one[1].__name__}" for one in _PLANTED]
)
async def test_it_turns_its_probe_red(
    number: str, plant: Plant, told: str, verdict: Verdict, lying: Lying, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(lying, monkeypatch)
    found = await verdict(number)
    assert found.startswith("FAIL ")
    assert told in found


@pytest.mark.parametrize("what", _LOST)
async def test_what_is_lost_between_two_releases_turns_the_carry_over_red(
    what: str, run: Run, owner_url: str
) -> None:
    issued = await issue(run)
    assert set(_LOST) | {"refresh_token"} == set(issued) - {"hotel_id"}
    with psycopg.connect(owner_url) as connection:
        connection.execute(_LOST[what].encode())
    (result,) = await run_probes([probe_of(issued)], run)
    assert result["status"] == "FAIL"
    assert ("began anew" if what == "used_up" else "must be 200") in result["why"]
