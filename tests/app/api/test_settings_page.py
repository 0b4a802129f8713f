import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from hotelctl.app.services.assistant.selection import Providers
from hotelctl.app.services.external.openai import OpenAI
from hotelctl.app.services.post import Post
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app.forms import OWN, come_in, enter, submit
from tests.app.mail import SERVER, Noted
from tests.app.people import HOTEL_A
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_HERE = "/admin/settings"
_GIVEN = {
    "name": "Grand Hotel",
    "brand_color": "#1f4e79",
    "widget_title": "Concierge",
    "ai_enabled": "on",
    "upsell_enabled": "on",
    "timezone": "Europe/Berlin",
    "locale": "de",
    "email": "hello@alpha.example",
    "phone": "+49 30 1234",
    "address": "Ring 1\r\n10115 Berlin",
    "emergency_phone": "112",
    "conversations": "60",
    "ai_payloads": "7",
    "session_logs": "30",
    "deleted_rows": "14",
}


@pytest.fixture
async def admin(hotels: str, client: httpx.AsyncClient) -> httpx.AsyncClient:
    """An admin's browser."""
    await come_in(client, hotels, "admin")
    return client


async def _page(client: httpx.AsyncClient) -> str:
    answer = await client.get(_HERE, headers=OWN)
    assert answer.status_code == 200
    return answer.text


def _stored(url: str) -> tuple[Any, ...]:
    query = "SELECT timezone, locale, email, phone, address, emergency_phone, settings FROM hotels"
    return one(url, f"{query} WHERE id = %s", HOTEL_A)


@pytest.mark.usefixtures("hotels")
async def test_managers_have_no_such_page_and_no_link_to_it(client: httpx.AsyncClient) -> None:
    client.base_url = httpx.URL("https://hotel.example")
    answer = await client.get(_HERE, headers=OWN)
    assert answer.headers["Location"] == "/login?next=%2Fadmin%2Fsettings"
    await enter(client, "manager@alpha.example")
    assert (await client.get(_HERE, headers=OWN)).status_code == 403
    assert _HERE not in (await client.get("/account", headers=OWN)).text


async def test_what_the_form_says_holds_and_is_shown_again(admin: httpx.AsyncClient, owner_url: str) -> None:
    html = await _page(admin)
    assert '<main id="main" data-page="settings"' in html
    assert re.search(r'id="ai_enabled"[^>]* checked', html)
    assert f'href="{_HERE}" aria-current="page"' in html
    answer = await submit(admin, _HERE, _HERE, _GIVEN)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{_HERE}?said=saved")
    *contacts, settings = _stored(owner_url)
    assert contacts == [
        "Europe/Berlin",
        "de",
        "hello@alpha.example",
        "+49 30 1234",
        "Ring 1\n10115 Berlin",
        "112",
    ]
    assert settings == {
        "upsell_enabled": True,
        "retention_days": {
            "conversations": 60,
            "ai_payloads": 7,
            "session_logs": 30,
            "deleted_rows": 14,
        },
    }
    look = one(owner_url, "SELECT name, brand FROM hotels WHERE id = %s", HOTEL_A)
    assert look == ("Grand Hotel", {"color": "#1f4e79", "widget_title": "Concierge"})
    html = await _page(admin)
    assert '<span class="place">Grand Hotel</span>' in html
    assert '<option value="Europe/Berlin" selected>' in html
    assert 'name="conversations" type="number"' in html
    assert 'value="60"' in html
    assert one(owner_url, "SELECT action FROM audit_events") == ("settings.update",)


async def test_a_switch_that_is_off_sends_nothing_and_an_empty_contact_is_none(
    admin: httpx.AsyncClient, owner_url: str
) -> None:
    await submit(admin, _HERE, _HERE, _GIVEN)
    off = {name: value for name, value in _GIVEN.items() if not name.endswith("_enabled")}
    await submit(admin, _HERE, _HERE, {**off, "phone": " ", "address": ""})
    stored = _stored(owner_url)
    assert (stored[3], stored[4]) == (None, None)
    assert (stored[6]["ai_enabled"], stored[6]["upsell_enabled"]) == (False, False)


async def test_the_switch_for_the_language_model_is_there_only_where_it_decides_anything(
    admin: httpx.AsyncClient,
    service: Service,
    settings_of: Callable[..., Settings],
    app_url: str,
    owner_url: str,
) -> None:
    key, model = {"openai_api_key": "k" * 20}, {"openai_model": "m"}

    def set_up(**given: str) -> None:
        settings = settings_of(app_url, **given)
        service.external.openai = OpenAI(settings)
        service.assistant.providers = Providers(settings, service.external.openai)

    for given in ({}, key, model, *({**key, **model, "ai_provider": fixed} for fixed in ("local", "openai"))):
        set_up(**given)
        assert "openai_enabled" not in await _page(admin), given
        await submit(admin, _HERE, _HERE, {**_GIVEN, "openai_enabled": "on"})
        assert "openai_enabled" not in _stored(owner_url)[6], given
    set_up(**key, **model)
    assert 'name="openai_enabled"' in await _page(admin)
    await submit(admin, _HERE, _HERE, {**_GIVEN, "openai_enabled": "on"})
    assert _stored(owner_url)[6]["openai_enabled"] is True


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "A name has 1 to 120 characters, all of which can be seen."),
        ("brand_color", "red", "A colour is # and six of 0-9 and a-f."),
        ("widget_title", "x" * 61, "A title is one line of at most 60 characters."),
        ("conversations", "1", "A whole number from 2 to 365."),
        ("ai_payloads", "91", "A whole number from 1 to 90."),
        ("session_logs", "", "A whole number from 7 to 365."),
        ("deleted_rows", "many", "A whole number from 7 to 365."),
        ("email", "nobody", "This is no e-mail address."),
        ("phone", "call me", "This is no telephone number."),
        ("emergency_phone", "<b>", "This is no telephone number."),
        ("handoff_email", "nobody", "This is no e-mail address."),
        ("quiet_hours", "at night", "Two different times of day, like 22:00-07:00."),
        ("timezone", "Mars/Olympus", "Choose one of the list."),
        ("locale", "", "Choose one of the list."),
        ("address", "x" * 301, "An address has at most 300 characters."),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(
    field: str, value: str, said: str, admin: httpx.AsyncClient, owner_url: str
) -> None:
    before = _stored(owner_url)
    answer = await submit(admin, _HERE, _HERE, {**_GIVEN, field: value})
    assert answer.status_code == 422
    assert f'<p class="wrong" id="{field}-said">{said}</p>' in answer.text
    assert 'role="alert"><p>Nothing was saved: one field needs another look.' in answer.text
    # What was typed stays, the switches too.
    assert re.search(r'id="upsell_enabled"[^>]* checked', answer.text)
    assert ('value="hello@alpha.example"' in answer.text) is (field != "email")
    assert _stored(owner_url) == before


async def test_whom_to_call_is_kept_and_the_page_says_when_no_mail_can_be_sent(
    admin: httpx.AsyncClient,
    service: Service,
    settings_of: Callable[..., Settings],
    app_url: str,
    owner_url: str,
) -> None:
    assert "this service has no mail server" in await _page(admin)
    called = {**_GIVEN, "handoff_email": "desk@alpha.example", "quiet_hours": "22:00-07:00"}
    await submit(admin, _HERE, _HERE, called)
    stored = _stored(owner_url)[6]
    assert (stored["handoff_email"], stored["quiet_hours"]) == ("desk@alpha.example", "22:00-07:00")
    service.post = Post(service.db, Noted(settings_of(app_url, **SERVER)), service.probe)
    html = await _page(admin)
    assert "this service has no mail server" not in html
    assert 'value="desk@alpha.example"' in html
    assert 'value="22:00-07:00"' in html


async def test_a_form_that_is_not_ours_changes_nothing(admin: httpx.AsyncClient, owner_url: str) -> None:
    before = _stored(owner_url)
    for fields in (_GIVEN, {**_GIVEN, "csrf": "x"}):
        assert (await admin.post(_HERE, data=fields, headers=OWN)).status_code == 403
    assert _stored(owner_url) == before
