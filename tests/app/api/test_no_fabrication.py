"""A hotel in which nothing ever happened: each number that it is told or shown has its source here.

A new answer with a number in it fails until somebody says where the number comes from.
"""

import re
from collections.abc import Iterator

import httpx
import pytest

from hotelctl.app.domain.assistant.registry import MODELS
from hotelctl.app.domain.permissions import Role
from hotelctl.app.domain.retention import BOUNDS
from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.services.service import Service
from hotelctl.app.smoke.routes import readable
from tests.app import callers
from tests.app.forms import OWN, come_in
from tests.app.people import HOTEL_A
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_MEASURED = {"/api/health/db": {"latency_ms"}}
_NUMBER = re.compile(r"\d+")
Numbers = dict[str, list[float]]


def _numbers(value: object, path: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _numbers(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _numbers(inner, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, value


def _told(body: object) -> Numbers:
    found: Numbers = {}
    for path, number in _numbers(body):
        found.setdefault(path, []).append(number)
    return found


def _expected(owner_url: str) -> dict[str, Numbers]:
    """What programs are told, by route: set by somebody, counted in the database, or fixed in the code."""
    limit = one(owner_url, "SELECT ai_monthly_limit FROM hotels WHERE id = %s", HOTEL_A)
    calls = one(owner_url, "SELECT count(*) FROM ai_interaction_logs WHERE hotel_id = %s", HOTEL_A)
    codes = one(owner_url, "SELECT count(*) FROM guest_staff_qr_tokens WHERE hotel_id = %s", HOTEL_A)
    states = ("active", "used", "expired", "revoked", "replaced")
    purposes = ("guest_access", "staff_access", "room_service", "maintenance")
    counted = [*states, *(f"by_purpose.{purpose}" for purpose in purposes)]
    return {
        "/api/ai/models": {"items.timeout_s": [model.timeout_s for model in MODELS.values()]},
        "/api/dashboard/admin": {"system.schema_serial": [SCHEMA_SERIAL]},
        "/api/plan": {"ai_monthly_limit": [*limit], "calls_this_month": [*calls]},
        "/api/qr/tokens": {f"stats.{what}": [*codes] for what in counted},
        "/api/rbac/roles": {"items.rank": [role.rank for role in Role if role is not Role.GUEST]},
        "/api/settings": {f"retention_days.{name}": [usual] for name, (_, usual, _) in BOUNDS.items()},
        "/readyz": {"inflight": [0]},
        "/version": {"schema_serial": [SCHEMA_SERIAL]},
    }


async def test_programs_are_told_no_number_that_nobody_counted(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    owner = await callers.bearer(client, "manager@alpha.example")
    with_power = {"Authorization": f"Bearer {'o' * 32}"}
    one(hotels, "UPDATE users SET role = 'owner' WHERE email = 'manager@alpha.example' RETURNING id")
    service.admission.forget(one(hotels, "SELECT id FROM users WHERE email = 'manager@alpha.example'")[0])
    told: dict[str, Numbers] = {}
    asked = 0
    for route in readable():
        if route.parameters:
            continue
        answer = await client.get(route.path, headers=with_power if "/ops/" in route.path else owner)
        if answer.headers.get("Content-Type", "").startswith("application/json"):
            assert answer.status_code == 200, route.path
            asked += 1
            numbers = _told(answer.json())
            for name in _MEASURED.get(route.path, ()):
                del numbers[name]
            told |= {route.path: numbers} if numbers else {}
    assert told == _expected(hotels)
    assert asked > len(told)


def _shown(html: str) -> set[str]:
    """The numbers that a person reads outside of forms, whose limits and examples are no figures."""
    read = re.sub(r"(?s)<(head|form|style|script|code|time|svg)\b.*?</\1>", " ", html)
    return set(_NUMBER.findall(re.sub(r"<[^>]+>", " ", read)))


async def test_people_are_shown_no_number_that_nobody_counted(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    await come_in(client, hotels, "owner")
    (limit,) = one(hotels, "SELECT ai_monthly_limit FROM hotels WHERE id = %s", HOTEL_A)
    (today,) = one(hotels, "SELECT now() AT TIME ZONE 'UTC'")
    release = {*_NUMBER.findall(service.identity.version), str(SCHEMA_SERIAL)}
    sources = {
        "/": release,
        "/admin": release | {str(today.day), str(today.year)},
        "/admin/plan": {str(limit), "0"},
    }
    shown = {}
    for route in readable():
        if route.parameters or route.path == "/account":
            continue
        answer = await client.get(route.path, headers=OWN)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            shown[route.path] = _shown(answer.text)
    assert {path: numbers for path, numbers in shown.items() if numbers} == sources
    assert {"/staff", "/admin/qr", "/admin/settings", "/admin/users", "/staff/tickets"} <= shown.keys()


async def test_guests_are_shown_no_number_that_nobody_counted(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    guest = await callers.guest(service, room_label="Rose")
    token = guest["Authorization"].removeprefix("Bearer ")
    entrance = one(hotels, "SELECT entry_code FROM hotels WHERE id = %s", HOTEL_A)[0]
    chat = await client.get("/guest/chat", headers={**OWN, "Cookie": f"__Host-hotel={token}"})
    for answer in (chat, await client.get(f"/h/{entrance}", headers=OWN)):
        assert answer.status_code == 200
        assert _shown(answer.text) == set()
