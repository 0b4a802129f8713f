import asyncio
import re
import threading
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from hotelctl.app.api import language
from hotelctl.app.api.rendering import TEMPLATES
from hotelctl.app.domain.texts import Texts
from hotelctl.app.services.assistant import reading
from hotelctl.app.services.readiness import Phase
from hotelctl.app.services.service import Service
from tests.app.forms import OWN, come_in, submit
from tests.app.people import PASSWORD
from tests.app.work import add, order, user_id, waiting_chat

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_the_frame_can_be_used_without_eyes_or_mouse(client: httpx.AsyncClient) -> None:
    html = (await client.get("/login", headers=OWN)).text
    for part in ('<html lang="en">', 'href="#main"', '<main id="main" data-page="login"', 'name="viewport"'):
        assert part in html
    assert html.count("<h1") == 1
    inputs = re.findall(r'<input id="(\w+)"', html)
    assert inputs
    assert all(f'<label for="{name}"' in html for name in inputs)


async def test_whatever_a_page_names_is_served_here(client: httpx.AsyncClient) -> None:
    html = (await client.get("/login", headers=OWN)).text
    addresses = re.findall(r'(?:href|src|action)="([^"#]+)"', html)
    assert addresses
    for address in addresses:
        assert (await client.get(address)).status_code == 200, address
    assert "style=" not in html
    assert " on" not in re.sub(r">[^<]*<", "><", html)


async def test_an_instance_that_serves_has_compiled_every_template(app: FastAPI, service: Service) -> None:
    service.probe.phase = Phase.STARTING
    assert TEMPLATES.cache is not None
    TEMPLATES.cache.clear()
    async with app.router.lifespan_context(app), asyncio.timeout(60):
        while service.probe.phase is Phase.STARTING:  # noqa: ASYNC110 - a phase is no event
            await asyncio.sleep(0.01)
    assert {name for _, name in TEMPLATES.cache} == set(TEMPLATES.list_templates(extensions=["j2"]))


async def test_an_instance_that_serves_compiles_what_reads_a_message(
    app: FastAPI, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = threading.Event()
    monkeypatch.setattr(reading, "warm", compiled.set)
    service.probe.phase = Phase.STARTING
    async with app.router.lifespan_context(app):
        assert await asyncio.to_thread(compiled.wait, 60)
        assert service.probe.phase is Phase.SERVING


class _Marked(Texts):
    """English texts between brackets, so that what comes from elsewhere can be told apart."""

    def __call__(self, key: str, **values: object) -> str:
        said = super().__call__(key, **values)
        if key.startswith("clock.") and not values and key != "clock.now":
            # Lists of names, of which the clock takes one.
            return " ".join(f"⟦{name}⟧" for name in said.split())
        return type(said)("⟦") + said + type(said)("⟧")


class _Heard(HTMLParser):
    """What people read and hear of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tags.append(tag)
        self.parts += [value or "" for name, value in attrs if name in {"aria-label", "placeholder", "title"}]

    def handle_data(self, data: str) -> None:
        if self._tags[-1:] not in (["style"], ["script"]):
            self.parts.append(data)


def _words_outside(html: str) -> set[str]:
    """The words of the page that no text holds."""
    heard = _Heard()
    heard.feed(html)
    said = "\n".join(heard.parts)
    while "⟦" in said:
        said, found = re.subn("⟦[^⟦⟧]*⟧", " ", said)
        assert found, said
    return set(re.findall(r"[^\W\d_]{2,}", said))


@pytest.fixture
def at_work(hotels: str) -> dict[str, object]:
    """A hotel with something on every page; all its own words are `Xdata`."""
    me = user_id(hotels, "manager@alpha.example")
    job = order(hotels, "Xdata", assigned_to=me, priority="URGENT")
    order(hotels, "Xdata", kind="maintenance", due_at=datetime(2020, 1, 1, tzinfo=UTC))
    chat = waiting_chat(hotels, "Xdata", handed_off_at=datetime.now(UTC))
    waiting_chat(hotels, "Xdata", assigned_to=me)
    add(hotels, "room_notes", room_label="Xdata", body="Xdata", author_user_id=me)
    add(hotels, "room_notes", room_label="Xdata", body="Xdata")
    about = {
        "title": "Xdata",
        "source": "PHONE",
        "guest_name": "Xdata",
        "due_at": datetime(2020, 1, 1, tzinfo=UTC),
    }
    ticket = add(hotels, "tickets", number=1, assigned_to=me, priority="HIGH", **about)
    trail = {"actor_kind": "user", "object_kind": "ticket", "object_id": ticket}
    before, after = '{"priority": "LOW"}', '{"priority": "HIGH", "sla_minutes": 5}'
    add(hotels, "audit_events", action="ticket.create", **trail)
    add(hotels, "audit_events", action="ticket.update", before=before, after=after, **trail)
    said = {"author_kind": "system", "visibility": "INTERNAL", "body": "Xdata"}
    add(hotels, "ticket_comments", ticket_id=ticket, **said)
    until = {"valid_until": datetime(2020, 1, 1, tzinfo=UTC)}
    entry = add(
        hotels, "knowledge_entries", title="Xdata", body="Xdata", lang="english", audience="staff", **until
    )
    code = {"purpose": "guest_access", "prefix": "xxxxxx", "token_hash": b"x" * 32}
    add(hotels, "guest_staff_qr_tokens", expires_at=datetime.now(UTC) + timedelta(hours=1), **code)
    person = user_id(hotels, "staff@alpha.example")
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET name = 'Xdata'")
        connection.execute("UPDATE users SET display_name = 'Xdata'")
    return {"chat": chat, "ticket": ticket, "entry": entry, "person": person, "job": job}


_PAGES = (
    *("/", "/guest", "/nothing", "/q/none", "/set-password/none", "/staff/scan", "/account"),
    *("/account/password", "/staff", "/staff?said=meanwhile", "/staff?said=noted"),
    "/staff/chats/{chat}?said=empty",
    *(
        "/staff/tickets",
        "/staff/tickets?show=late",
        "/staff/tickets/new",
        "/staff/tickets/{ticket}?said=added",
    ),
    *(
        "/staff/work-orders",
        "/staff/work-orders?show=done",
        "/staff/work-orders/new",
        "/staff/work-orders/{job}?said=opened",
    ),
    *("/admin", "/admin/users?said=mailed", "/admin/users/new", "/admin/users/{person}"),
    *(
        "/admin/settings?said=saved",
        "/admin/plan?said=saved",
        "/admin/knowledge?said=removed&question=towels",
        "/admin/knowledge/new",
    ),
    *("/admin/knowledge/{entry}", "/admin/qr?said=replaced", "/admin/audit"),
)
# What is the same in each language, and data, such as what a guest asked.
_ANYWHERE = {
    *("Hotel", "Assistant", "UTC", "Xdata", "xxxxxx", "Is", "there", "late", "bus"),
    *("alpha", "example", "me", "staff", "manager", "admin", "hotel", "https"),
}


# Forms whose answer is a page: what is wrong with them, and what is shown once.
_FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/staff/tickets/new", {"title": "x", "priority": "x"}),
    ("/staff/work-orders/new", {"title": "x", "due_at": "x"}),
    ("/staff", {}),
    ("/staff/tickets/{ticket}", {"version": "1", "status": "x"}),
    ("/account/password", {"current": PASSWORD, "new": "x"}),
    ("/admin/settings", {"email": "x", "phone": "x", "quiet_hours": "x"}),
    ("/admin/plan", {"plan": "X"}),
    ("/admin/knowledge/new", {"valid_from": "1"}),
    ("/admin/users/new", {"email": "x"}),
    ("/admin/users/new", {"email": "me@alpha.example", "display_name": "Xdata", "role": "staff"}),
    ("/admin/users/new", {"email": "alpha@alpha.example", "display_name": "Xdata", "role": "staff"}),
    ("/admin/qr", {"purpose": "guest_access", "ttl_minutes": "60"}),
    ("/admin/qr", {"purpose": "guest_access", "rooms": "Xdata,Hotel", "guest_name": "Xdata"}),
    ("/admin/qr", {"purpose": "guest_access", "rooms": "Xdata", "stay_ends_at": "1"}),
    ("/admin/qr", {"purpose": "guest_access", "ttl_minutes": "60", "rooms": "Xdata"}),
    ("/staff/scan", {"code": "x"}),
)


def _without_data(html: str) -> str:
    html = re.sub(r'(?s)<select id="timezone".*?</select>|<code>.*?</code>|<svg.*?</svg>', "", html)
    return re.sub(r'(?s)<p class="text"[^>]*>.*?</p>|data-figure="system.version">[^<]*<', "<", html)


async def test_whatever_a_page_says_stands_in_the_translations(
    client: httpx.AsyncClient, hotels: str, at_work: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    await come_in(client, hotels, "owner")
    marked = _Marked("en")
    monkeypatch.setattr(language, "texts_in", lambda _: marked)
    pages = [(address, await client.get(address.format(**at_work), headers=OWN)) for address in _PAGES]
    for address, fields in _FORMS:
        form = address.format(**at_work)
        pages.append((address, await submit(client, form, form, fields)))
    for address, answer in pages:
        assert "⟦" in answer.text, (address, answer.status_code)
        assert _words_outside(_without_data(answer.text)) - _ANYWHERE == set(), address


@pytest.mark.parametrize("spoken", ["de", "es", "fr", "it"])
async def test_each_language_is_spoken_on_every_page(
    spoken: str, client: httpx.AsyncClient, hotels: str, at_work: dict[str, object]
) -> None:
    await come_in(client, hotels, "owner")
    for address in _PAGES:
        answer = await client.get(address.format(**at_work), headers={**OWN, "Accept-Language": spoken})
        assert answer.status_code < 500, address
        assert f'<html lang="{spoken}">' in answer.text, address
