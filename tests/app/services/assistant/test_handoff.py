"""Who waits for a person is told to the hotel by mail: once, and not before its quiet hours are over."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from tests.app import callers
from tests.app.callers import Headers
from tests.app.mail import SERVER, Noted
from tests.app.people import HOTEL_A
from tests.app.talk import open_thread, tell
from tests.app.work import one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_DESK = "desk@alpha.example"
_WISH = "I want to talk to a human"
_FIRE = "Help, there is a fire in my room!"
_WAITING = "SELECT status, kind, body IS NULL, next_attempt_at FROM outbox"


@pytest.fixture
def outgoing(service: Service, settings_of: Callable[..., Settings], app_url: str) -> Noted:
    """Mail is set up; what goes out is noted."""
    server = Noted(settings_of(app_url, **SERVER))
    service.post._smtp = server
    return server


def _decide(url: str, **settings: object) -> None:
    with psycopg.connect(url) as connection:
        statement = "UPDATE hotels SET settings = settings || %s WHERE id = %s"
        connection.execute(statement, (json.dumps(settings), HOTEL_A))


def _around_now() -> tuple[str, datetime]:
    """Quiet hours that hold, and when they are over."""
    now = datetime.now(UTC)
    over = (now + timedelta(hours=2)).replace(second=0, microsecond=0)
    return f"{now - timedelta(hours=1):%H:%M}-{over:%H:%M}", over


async def _sent(service: Service, outgoing: Noted) -> list[EmailMessage]:
    before = len(outgoing.taken)
    await service.post.send_due()
    return outgoing.taken[before:]


async def _act(client: httpx.AsyncClient, service: Service, thread: str, what: str) -> None:
    staff = await callers.page(service, "staff@alpha.example")
    assert (await client.post(f"{thread}/{what}", headers=staff)).status_code == 200


async def test_a_guest_who_wants_a_person_is_told_once_each_time_that_the_waiting_begins(
    client: httpx.AsyncClient, thread: str, guest: Headers, service: Service, outgoing: Noted, hotels: str
) -> None:
    _decide(hotels, handoff_email=_DESK)
    await tell(client, thread, guest, "Where is the pool?")
    assert await _sent(service, outgoing) == []
    await tell(client, thread, guest, _WISH)
    (mail,) = await _sent(service, outgoing)
    assert (mail["To"], mail["Subject"]) == (_DESK, "A guest of room 204 waits for a person: alpha")
    page = thread.replace("/api/conversations", "/staff/chats")
    assert f"\nhttps://hotel.example{page}\n" in mail.get_content()
    assert "talk" not in mail.as_string()
    await tell(client, thread, guest, _WISH)
    assert await _sent(service, outgoing) == []
    await _act(client, service, thread, "release")
    await tell(client, thread, guest, _WISH)
    assert len(await _sent(service, outgoing)) == 1


async def test_where_the_assistant_is_off_the_first_message_calls_a_person(
    client: httpx.AsyncClient, thread: str, guest: Headers, service: Service, outgoing: Noted, hotels: str
) -> None:
    _decide(hotels, handoff_email=_DESK, ai_enabled=False)
    await tell(client, thread, guest, "Where is the pool?")
    assert len(await _sent(service, outgoing)) == 1
    assert one(hotels, "SELECT status, unread_staff, handed_off_at IS NULL FROM conversations") == (
        "human",
        1,
        False,
    )
    await tell(client, thread, guest, "And the sauna?")
    await _act(client, service, thread, "takeover")
    staff = await callers.page(service, "staff@alpha.example")
    await tell(client, thread, staff, "Downstairs.")
    await tell(client, thread, guest, "Thank you!")
    assert await _sent(service, outgoing) == []


async def test_who_writes_again_waits_for_everybody_and_not_for_who_was_there_before(
    client: httpx.AsyncClient, thread: str, guest: Headers, service: Service, outgoing: Noted, hotels: str
) -> None:
    _decide(hotels, handoff_email=_DESK, ai_enabled=False)
    await tell(client, thread, guest, "Where is the pool?")
    assert len(await _sent(service, outgoing)) == 1
    for what in ("takeover", "resolve"):
        await _act(client, service, thread, what)
    await tell(client, thread, guest, "And the sauna?")
    assert one(hotels, "SELECT status, assigned_to, resolved_at FROM conversations") == ("human", None, None)
    assert len(await _sent(service, outgoing)) == 1


async def test_in_quiet_hours_a_guest_s_mail_waits_for_their_end_and_an_emergency_s_does_not(
    client: httpx.AsyncClient, thread: str, guest: Headers, service: Service, outgoing: Noted, hotels: str
) -> None:
    quiet, over = _around_now()
    _decide(hotels, handoff_email=_DESK, quiet_hours=quiet)
    await tell(client, thread, guest, _WISH)
    assert await _sent(service, outgoing) == []
    assert one(hotels, _WAITING) == ("pending", "handoff", False, over)
    for _ in range(2):
        await tell(client, thread, guest, _FIRE)
        (mail,) = await _sent(service, outgoing)
        assert (mail["To"], mail["Subject"]) == (_DESK, "EMERGENCY reported in room 204: alpha")
        assert "fire" not in mail.as_string()


async def test_quiet_hours_are_those_of_the_hotel_s_clock(
    client: httpx.AsyncClient, thread: str, guest: Headers, service: Service, outgoing: Noted, hotels: str
) -> None:
    quiet, _ = _around_now()
    _decide(hotels, handoff_email=_DESK, quiet_hours=quiet)
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET timezone = 'Etc/GMT-6' WHERE id = %s", (HOTEL_A,))
    before = datetime.now(UTC)
    await tell(client, thread, guest, _WISH)
    (mail,) = await _sent(service, outgoing)
    near = [moment + timedelta(hours=6) for moment in (before, datetime.now(UTC))]
    told = mail.get_content()
    assert any(f" at {there:%H:%M} on {there.day} {there:%B %Y}." in told for there in near)


@pytest.mark.parametrize("what", ["takeover", "release", "resolve", "delete"])
async def test_a_guest_who_needs_nobody_any_more_is_told_to_nobody(  # noqa: PLR0913, PLR0917 - fixtures
    what: str,
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    service: Service,
    outgoing: Noted,
    hotels: str,
) -> None:
    _decide(hotels, handoff_email=_DESK, quiet_hours=_around_now()[0])
    await tell(client, thread, guest, _WISH)
    await tell(client, thread, guest, _FIRE)
    with psycopg.connect(hotels) as connection:
        if what == "delete":
            connection.execute("UPDATE conversations SET deleted_at = now()")
        connection.execute("UPDATE outbox SET next_attempt_at = now()")
    if what != "delete":
        await _act(client, service, thread, what)
    (mail,) = await _sent(service, outgoing)
    assert mail["Subject"].startswith("EMERGENCY")
    kept = one(hotels, f"{_WAITING} WHERE kind = 'handoff'")
    assert kept[:3] == ("suppressed", "handoff", True)


async def test_a_mail_that_waits_goes_with_its_conversation(
    client: httpx.AsyncClient, thread: str, guest: Headers, outgoing: Noted, hotels: str, service: Service
) -> None:
    _decide(hotels, handoff_email=_DESK, quiet_hours=_around_now()[0])
    await tell(client, thread, guest, _WISH)
    assert one(hotels, "SELECT conversation_id FROM outbox") == (UUID(thread.rpartition("/")[2]),)
    with psycopg.connect(hotels) as connection:
        connection.execute("DELETE FROM conversations")
        connection.execute("UPDATE outbox SET next_attempt_at = now()")
    assert one(hotels, "SELECT count(*) FROM outbox") == (0,)
    assert await _sent(service, outgoing) == []


async def test_staff_that_reports_an_emergency_is_told_with_a_link_that_others_may_open(
    client: httpx.AsyncClient, service: Service, outgoing: Noted, hotels: str
) -> None:
    _decide(hotels, handoff_email=_DESK)
    staff = await callers.page(service, "staff@alpha.example")
    await tell(client, await open_thread(client, staff), staff, "There is a fire in the kitchen!")
    (mail,) = await _sent(service, outgoing)
    assert mail["Subject"] == "EMERGENCY reported: alpha"
    assert "\nhttps://hotel.example/staff\n" in mail.get_content()


@pytest.mark.usefixtures("outgoing")
async def test_a_hotel_that_named_no_address_gets_no_mail(
    client: httpx.AsyncClient, thread: str, guest: Headers, hotels: str
) -> None:
    for said in (_WISH, _FIRE):
        assert (await tell(client, thread, guest, said)).json()["reply"]["content"]
    assert one(hotels, "SELECT count(*) FROM outbox") == (0,)


async def test_without_a_mail_server_the_guest_is_answered_and_the_log_says_that_nobody_was_told(
    client: httpx.AsyncClient,
    thread: str,
    guest: Headers,
    hotels: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _decide(hotels, handoff_email=_DESK)
    assert (await tell(client, thread, guest, _WISH)).json()["reply"]["content"]
    assert one(hotels, "SELECT count(*) FROM outbox") == (0,)
    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (told,) = [line for line in lines if line["event"] == "mail_failed"]
    assert (told["kind"], told["err_code"]) == ("handoff", "not_configured")
    assert _DESK not in json.dumps(lines)
