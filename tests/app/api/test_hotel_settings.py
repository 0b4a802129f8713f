from dataclasses import asdict
from typing import Any, get_args

import httpx
import psycopg
import pytest

from hotelctl.app.api.language import Language
from hotelctl.app.domain.assistant.language import LANGUAGES
from hotelctl.app.domain.failures import Forbidden
from hotelctl.app.domain.permissions import Role
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services import hotel_settings
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.people import HOTEL_A, HOTEL_B, add_user
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_HERE = "/api/settings"


@pytest.fixture
async def admin(hotels: str, service: Service) -> Headers:
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "admin@alpha.example", Role.ADMIN)
    return await callers.page(service, "admin@alpha.example")


async def _change(client: httpx.AsyncClient, admin: Headers, **changes: object) -> dict[str, Any]:
    answer = await client.patch(_HERE, json=changes, headers=admin)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_languages_to_choose_from_are_those_of_the_assistant() -> None:
    assert get_args(Language) == LANGUAGES


async def test_a_hotel_that_never_said_anything_has_what_is_usual(
    client: httpx.AsyncClient, admin: Headers
) -> None:
    assert (await client.get(_HERE, headers=admin)).json() == {
        "name": "alpha",
        "brand_color": None,
        "widget_title": None,
        "ai_enabled": True,
        "openai_enabled": False,
        "upsell_enabled": False,
        "timezone": "UTC",
        "locale": "en",
        "email": None,
        "phone": None,
        "address": None,
        "emergency_phone": None,
        "handoff_email": None,
        "quiet_hours": None,
        "retention_days": {
            "conversations": 30,
            "ai_payloads": 30,
            "session_logs": 90,
            "deleted_rows": 30,
        },
    }


async def test_what_is_named_changes_and_the_rest_stays(
    client: httpx.AsyncClient, admin: Headers, owner_url: str
) -> None:
    await _change(client, admin, ai_enabled=False, retention_days={"session_logs": 7})
    changed = await _change(client, admin, phone=" +49 30 1234 ", retention_days={"conversations": 365})
    assert (changed["ai_enabled"], changed["phone"]) == (False, "+49 30 1234")
    assert changed["retention_days"]["session_logs"] == 7
    assert changed["retention_days"]["conversations"] == 365
    assert (await client.get(_HERE, headers=admin)).json() == changed
    assert (await _change(client, admin, phone=None))["phone"] is None
    stored = one(owner_url, "SELECT settings FROM hotels WHERE id = %s", HOTEL_B)
    assert stored == ({},)


async def test_other_settings_of_the_hotel_are_left_alone(
    client: httpx.AsyncClient, admin: Headers, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        statement = "UPDATE hotels SET settings = %s WHERE id = %s"
        connection.execute(statement, ('{"kept": [1], "retention_days": 60}', HOTEL_A))
    changed = await _change(client, admin, upsell_enabled=True)
    assert changed["retention_days"]["conversations"] == 60
    (stored,) = one(owner_url, "SELECT settings FROM hotels WHERE id = %s", HOTEL_A)
    assert (stored["kept"], stored["upsell_enabled"], stored["retention_days"]) == ([1], True, 60)


async def test_the_trail_tells_what_was_and_what_is_and_nothing_of_no_change(
    client: httpx.AsyncClient, admin: Headers, owner_url: str
) -> None:
    await _change(client, admin, timezone="Europe/Berlin", retention_days={"deleted_rows": 8})
    await _change(client, admin, timezone="Europe/Berlin", ai_enabled=True)
    action, kind, before, after = one(
        owner_url, "SELECT action, object_kind, before, after FROM audit_events"
    )
    assert (action, kind) == ("settings.update", "hotel")
    assert (before["timezone"], after["timezone"]) == ("UTC", "Europe/Berlin")
    assert (before["days_of_deleted_rows"], after["days_of_deleted_rows"]) == (30, 8)
    assert "ai_enabled" not in after


@pytest.mark.parametrize(
    "body",
    [
        {"name": None},
        {"name": " "},
        {"name": "Grand\nHotel"},
        {"name": "x" * 121},
        {"brand_color": "red"},
        {"brand_color": "#1F4E79"},
        {"brand_color": "#1f4e79;"},
        {"widget_title": ""},
        {"widget_title": "x" * 61},
        {"timezone": "Mars/Olympus"},
        {"timezone": None},
        {"locale": "xx"},
        {"email": "nobody"},
        {"phone": "call me"},
        {"emergency_phone": "1" * 41},
        {"address": "x" * 301},
        {"handoff_email": "nobody"},
        {"quiet_hours": "at night"},
        {"quiet_hours": "22:00-25:00"},
        {"quiet_hours": "07:00-07:00"},
        {"ai_enabled": None},
        {"retention_days": {"conversations": 1}},
        {"retention_days": {"conversations": 366}},
        {"retention_days": {"ai_payloads": 91}},
        {"retention_days": {"session_logs": 6}},
        {"retention_days": {"deleted_rows": None}},
        {"retention_days": {"guests": 30}},
        {"plan": "best"},
        {"ai_monthly_limit": 10**6},
    ],
)
async def test_what_is_out_of_bounds_changes_nothing(
    body: dict[str, object], client: httpx.AsyncClient, admin: Headers, owner_url: str
) -> None:
    assert (await client.patch(_HERE, json=body, headers=admin)).status_code == 422
    assert one(owner_url, "SELECT count(*) FROM audit_events") == (0,)


async def test_whom_to_call_and_when_not_is_kept_told_and_taken_away_again(
    client: httpx.AsyncClient, admin: Headers, owner_url: str
) -> None:
    changed = await _change(client, admin, handoff_email="desk@alpha.example", quiet_hours=" 22:00 - 7:00 ")
    assert (changed["handoff_email"], changed["quiet_hours"]) == ("desk@alpha.example", "22:00-07:00")
    assert (await client.get(_HERE, headers=admin)).json() == changed
    (after,) = one(owner_url, "SELECT after FROM audit_events")
    assert after == {"handoff_email": "desk@alpha.example", "quiet_hours": "22:00-07:00"}
    none = await _change(client, admin, handoff_email=None, quiet_hours=None)
    assert (none["handoff_email"], none["quiet_hours"]) == (None, None)


async def test_a_hotel_s_name_and_look_are_its_own_and_the_trail_tells_them(
    client: httpx.AsyncClient, admin: Headers, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        statement = "UPDATE hotels SET brand = %s WHERE id = %s"
        connection.execute(statement, ('{"logo_key": "kept", "color": "#000000"}', HOTEL_A))
    look = {"name": " Grand Hotel ", "brand_color": "#1f4e79", "widget_title": "Concierge"}
    changed = await _change(client, admin, **look)
    told = {**look, "name": "Grand Hotel"}
    assert {name: changed[name] for name in look} == told
    assert (await client.get(_HERE, headers=admin)).json() == changed
    stored = one(owner_url, "SELECT name, brand, settings FROM hotels WHERE id = %s", HOTEL_A)
    brand = {"logo_key": "kept", "color": "#1f4e79", "widget_title": "Concierge"}
    assert stored == ("Grand Hotel", brand, {})
    before = {"name": "alpha", "brand_color": "#000000", "widget_title": None}
    assert one(owner_url, "SELECT before, after FROM audit_events") == (before, told)
    none = await _change(client, admin, brand_color=None, widget_title=None)
    assert (none["brand_color"], none["widget_title"]) == (None, None)


async def test_the_assistant_s_switches_need_a_right_of_their_own(
    service: Service, admin: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = await service.admission.admit(admin["Cookie"].partition("=")[2])
    monkeypatch.setattr(Principal, "may", lambda _, permission: permission != "ai.config")
    async with service.db.transaction(HOTEL_A) as session:
        for switch in ("ai_enabled", "openai_enabled", "upsell_enabled"):
            other = not asdict(await hotel_settings.read(session, who))[switch]
            with pytest.raises(Forbidden):
                await hotel_settings.change(session, who, {switch: other})
        assert (await hotel_settings.change(session, who, {"phone": "112"})).phone == "112"


@pytest.mark.parametrize("days", [2, 365])
async def test_the_bounds_themselves_are_allowed(
    days: int, client: httpx.AsyncClient, admin: Headers
) -> None:
    changed = await _change(client, admin, retention_days={"conversations": days})
    assert changed["retention_days"]["conversations"] == days


async def test_managers_decide_nothing_of_this(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    assert hotels
    manager = await callers.page(service)
    assert (await client.get(_HERE, headers=manager)).status_code == 403
    assert (await client.patch(_HERE, json={"ai_enabled": False}, headers=manager)).status_code == 403
