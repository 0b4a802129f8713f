import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.forms import OWN, enter
from tests.app.people import HOTEL_A, HOTEL_B
from tests.app.work import add, one, order, user_id, waiting_chat

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_MANAGER = "manager@alpha.example"


@pytest.fixture
async def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Over https, so that a secure cookie comes back."""
    client.base_url = httpx.URL("https://hotel.example")
    return client


async def _shown(client: httpx.AsyncClient, email: str = _MANAGER) -> str:
    await enter(client, email)
    answer = await client.get("/admin", headers=OWN)
    assert answer.status_code == 200
    return answer.text


def _figures(html: str) -> dict[str, str]:
    found = re.findall(r'data-figure="([\w.]+)"[^>]*>(.*?)</(?:dd|p)>', html)
    return {name: re.sub(r"<[^>]+>", "", value) for name, value in found}


async def test_who_is_not_inside_is_led_to_the_log_in(client: httpx.AsyncClient) -> None:
    answer = await client.get("/admin", headers=OWN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=%2Fadmin")


async def test_staff_is_told_that_it_is_not_for_them(client: httpx.AsyncClient) -> None:
    await enter(client, "staff@alpha.example")
    answer = await client.get("/admin", headers=OWN)
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "/admin" not in answer.text


async def test_a_fresh_hotel_is_told_what_to_do_and_shown_no_zeros(
    client: httpx.AsyncClient, service: Service
) -> None:
    html = await _shown(client)
    assert '<main id="main" data-page="admin"' in html
    assert "<h1>alpha</h1>" in html
    assert "What is still to begin" in html
    assert "Write down what guests ask for." in html
    assert _figures(html) == {
        "system.version": service.identity.version,
        "system.schema": str(SCHEMA_SERIAL),
        "system.provider": "local",
    }


async def test_each_number_is_what_the_database_counts(client: httpx.AsyncClient, owner_url: str) -> None:
    now = datetime.now(UTC)
    for hotel_id in (HOTEL_A, HOTEL_B):
        waiting_chat(owner_url, handed_off_at=now, hotel_id=hotel_id)
        order(owner_url, "Two towels", hotel_id=hotel_id)
        late: dict[str, object] = {"due_at": now - timedelta(hours=1), "priority": "HIGH", "source": "MANUAL"}
        for number in (1, 2):
            add(owner_url, "tickets", number=number, title="Noise", **late, hotel_id=hotel_id)
    order(owner_url, "Leak", kind="maintenance", assigned_to=user_id(owner_url, _MANAGER))
    add(
        owner_url,
        "ai_interaction_logs",
        model_key="guest-messaging",
        provider="local",
        status="failed",
        latency_ms=41,
    )
    add(owner_url, "user_session_logs", event="qr_scan", outcome="success")
    figures = _figures(await _shown(client))
    counted = one(
        owner_url,
        """
        SELECT (SELECT count(*) FROM conversations WHERE hotel_id = h.id),
               (SELECT count(*) FROM tickets WHERE hotel_id = h.id AND due_at < now()),
               (SELECT count(*) FROM tickets WHERE hotel_id = h.id AND priority = 'HIGH'),
               (SELECT count(*) FROM work_orders WHERE hotel_id = h.id AND status = 'open'),
               (SELECT count(*) FROM work_orders WHERE hotel_id = h.id AND assigned_to IS NULL),
               (SELECT count(*) FROM ai_interaction_logs WHERE hotel_id = h.id AND status = 'failed'),
               (SELECT count(*) FROM user_session_logs WHERE hotel_id = h.id AND event = 'qr_scan')
          FROM hotels h WHERE slug = 'alpha'
        """,
    )
    names = (
        *("conversations.waiting", "tickets.overdue", "tickets.high", "work_orders.open"),
        *("work_orders.unassigned", "ai.failed", "scans.guest"),
    )
    assert tuple(int(figures[name]) for name in names) == counted == (1, 2, 2, 2, 1, 1, 1)
    assert "conversations.median_first_reply_s" not in figures
    assert "ai.cost" not in figures


@pytest.mark.parametrize(
    ("costs", "told"),
    [([1500], "0.0015 USD"), ([None], "not known"), ([1500, None], "at least 0.0015 USD"), ([0], None)],
)
async def test_a_cost_that_nobody_knows_is_told_as_such(
    costs: list[int | None], told: str | None, client: httpx.AsyncClient, owner_url: str
) -> None:
    call = {"model_key": "guest-messaging", "provider": "openai", "status": "success", "latency_ms": 5}
    for cost in costs:
        add(owner_url, "ai_interaction_logs", **call, cost_microusd=cost)
    assert _figures(await _shown(client)).get("ai.cost") == told


async def test_codes_that_let_somebody_in_are_counted_by_purpose(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    now = datetime.now(UTC)
    code: dict[str, object] = {"prefix": "abcdef", "created_by": user_id(owner_url, _MANAGER)}
    for number, (purpose, hours) in enumerate(
        (("guest_access", 1), ("guest_access", 2), ("maintenance", -1))
    ):
        fields = {"purpose": purpose, "token_hash": bytes([number]) * 32, **code}
        add(owner_url, "guest_staff_qr_tokens", expires_at=now + timedelta(hours=hours), **fields)
    figures = _figures(await _shown(client))
    assert figures["active_codes.guest_access"] == "2"
    assert "active_codes.maintenance" not in figures


async def test_who_waits_and_what_is_asked_for_is_listed_as_text(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    chat = waiting_chat(owner_url, "<i>7</i>")
    add(owner_url, "tickets", number=7, title="<script>x</script>", source="MANUAL")
    add(owner_url, "tickets", hotel_id=HOTEL_B, number=8, title="Elsewhere", source="MANUAL")
    html = await _shown(client)
    assert f'href="/staff/chats/{chat}"' in html
    assert "Room &lt;i&gt;7&lt;/i&gt;" in html
    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert "Elsewhere" not in html


@pytest.mark.parametrize(("email", "path"), [(_MANAGER, "/admin"), ("staff@alpha.example", "/staff")])
async def test_an_emergency_with_which_nobody_has_begun_stands_first(
    email: str, path: str, client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    chat = waiting_chat(owner_url)
    known = {"title": "EMERGENCY reported in the chat", "category": "emergency", "source": "AI_AGENT"}
    ticket = add(owner_url, "tickets", number=3, room_label="305", conversation_id=chat, **known)
    add(owner_url, "tickets", number=4, room_label="306", status="IN_PROGRESS", **known)
    add(owner_url, "tickets", number=5, hotel_id=HOTEL_B, room_label="307", **known)
    await enter(client, email)
    page = (await client.get(path, headers=OWN)).text
    assert page.count('role="alert"') == 1
    for text in ("Emergency in room 305", f'href="/staff/tickets/{ticket}"', f'href="/staff/chats/{chat}"'):
        assert text in page
    assert "<title>Emergency · " in page
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in page
    seen = await client.get(f"/api/dashboard{path}", headers=await callers.page(service, email))
    assert [one["id"] for one in seen.json()["emergencies"]] == [str(ticket)]


async def test_an_assistant_that_is_switched_off_is_shown_so(
    client: httpx.AsyncClient, owner_url: str
) -> None:
    switch = """UPDATE hotels SET settings = '{"ai_enabled": false}' WHERE slug = 'alpha' RETURNING slug"""
    one(owner_url, switch)
    assert _figures(await _shown(client))["system.provider"] == "switched off"
