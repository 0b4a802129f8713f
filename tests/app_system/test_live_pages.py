"""Pages that change while somebody reads, types or has the keyboard on them."""

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from hotelctl.app.domain.ids import uuid7
from tests.app.people import HOTEL_A, PASSWORD
from tests.app.work import add, one, user_id, waiting_chat
from tests.app_system.busy_hotel import busy
from tests.app_system.guests import code_for_room, tell
from tests.app_system.instances import running
from tests.app_system.visiting import entered
from tests.browsing import faults

pytestmark = pytest.mark.system
_FOCUS = "document.activeElement.id || document.activeElement.textContent"
_SCROLLED = "document.getElementById('log').scrollTop"


@pytest.fixture
def site(environment: dict[str, str], hotels: str, tmp_path: Path) -> Iterator[str]:
    """Where the service listens; one of its two hotels is at work."""
    busy(hotels)
    with running(environment, tmp_path / "service.log") as instance:
        yield instance.base_url


@pytest.fixture
def guest(browser: Browser, site: str, hotels: str) -> Iterator[Page]:
    """A guest of room 204, in the conversation."""
    context = browser.new_context(viewport={"width": 390, "height": 500}, locale="en")
    page = context.new_page()
    page.goto(f"{site}/q/{code_for_room(hotels)}")
    page.click("main form button")
    page.wait_for_url("**/guest/chat*")
    yield page
    context.close()


def _said_by_staff(owner_url: str, words: str) -> None:
    """Somebody at the desk writes in the guest's conversation."""
    with psycopg.connect(owner_url) as connection:
        connection.execute(
            "WITH c AS (UPDATE conversations SET last_seq = last_seq + 1 WHERE room_label = '204'"
            " RETURNING id, hotel_id, last_seq)"
            " INSERT INTO messages (id, hotel_id, conversation_id, seq, role, content)"
            " SELECT %s, hotel_id, id, last_seq, 'staff', %s FROM c",
            (uuid7(), words),
        )


def _confirm_towels(guest: Page) -> None:
    tell(guest, "2 towels please")
    guest.get_by_role("button", name="Yes, pass it on").press("Enter")
    expect(guest.locator(".chip", has_text="Passed on")).to_be_visible()


def test_what_is_typed_and_read_stays_when_somebody_else_writes(guest: Page, hotels: str) -> None:
    for number in range(6):
        tell(guest, f"{number} towels please")
        expect(guest.locator(".said.mine")).to_have_count(number + 1)
        expect(guest.get_by_role("button", name="Send")).to_be_enabled()
    field, log = guest.get_by_label("Your message"), guest.locator("#log")
    marks = "for (const id of ['log', 'content', 'm-1']) { document.getElementById(id).mark = id; }"
    guest.evaluate(f"{marks} document.getElementById('log').scrollTop = 0")
    field.fill("I would like this")
    guest.evaluate("document.getElementById('content').setSelectionRange(2, 7)")
    _said_by_staff(hotels, "Good evening")
    expect(guest.get_by_text("Good evening")).to_have_count(1)
    assert guest.evaluate(_FOCUS) == "content"
    caret = guest.evaluate("[document.activeElement.selectionStart, document.activeElement.selectionEnd]")
    assert (field.input_value(), caret) == ("I would like this", [2, 7])
    assert guest.evaluate(_SCROLLED) == 0
    kept = "['log', 'content', 'm-1'].map(id => document.getElementById(id).mark)"
    assert guest.evaluate(kept) == ["log", "content", "m-1"]
    guest.evaluate("document.getElementById('log').scrollTop = 1e6")
    _said_by_staff(hotels, "Anything else?")
    expect(guest.get_by_text("Anything else?")).to_be_in_viewport()
    assert log.get_attribute("aria-live") == "polite"
    assert faults(guest) == []


def test_the_keyboard_stays_on_the_page_after_each_button(guest: Page) -> None:
    guest.get_by_role("button", name="Pool").press("Enter")
    expect(guest.get_by_text("Source: Pool")).to_be_visible()
    assert guest.evaluate(_FOCUS) == "log"
    _confirm_towels(guest)
    assert guest.evaluate(_FOCUS) == "log"
    guest.get_by_role("button", name="4 of 5").press("Enter")
    expect(guest.get_by_role("button", name="4 of 5")).to_have_attribute("aria-pressed", "true")
    assert guest.evaluate(_FOCUS) == "★"
    person = guest.get_by_role("button", name="Talk to a person")
    person.press("Enter")
    expect(guest.get_by_text("A person answers here.")).to_be_visible()
    expect(person).to_be_focused()


def test_a_chip_tells_by_itself_what_became_of_the_wish(guest: Page, hotels: str) -> None:
    _confirm_towels(guest)
    guest.evaluate("document.querySelector('.chip').mark = 'same'")
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE work_orders SET status = 'done' WHERE session_id IS NOT NULL")
    expect(guest.locator(".chip")).to_have_text("Done")
    assert guest.evaluate("document.querySelector('.chip').mark") == "same"


def _come(page: Page, held: list[Route]) -> None:
    """A request of the page is held: the browser tells of it when it is listened to."""
    until = time.monotonic() + 30
    while not held and time.monotonic() < until:
        page.wait_for_timeout(10)


def test_a_second_message_amid_an_answer_is_not_lost_and_is_told_so(guest: Page) -> None:
    held: list[Route] = []
    guest.route("**/api/conversations/*/messages", lambda route: held.append(route))  # noqa: PLW0108 - it marks it
    tell(guest, "When does the pool open?")
    send, field = guest.get_by_role("button", name="Send"), guest.get_by_label("Your message")
    expect(send).to_have_attribute("aria-disabled", "true")
    field.fill("2 towels please")
    field.press("Enter")
    expect(guest.get_by_role("status")).to_contain_text("An answer is being written.")
    assert field.input_value() == "2 towels please"
    assert faults(guest) == []
    _come(guest, held)
    held[0].continue_()
    expect(guest.get_by_text("Source: Pool")).to_be_visible()
    expect(guest.get_by_role("status")).to_have_count(0)
    assert field.input_value() == "2 towels please"
    guest.unroute_all()
    send.click()
    expect(guest.get_by_role("button", name="Yes, pass it on")).to_be_visible()


def test_a_guest_whose_session_ends_while_typing_keeps_the_text_and_is_told(guest: Page, hotels: str) -> None:
    tell(guest, "When does the pool open?")
    expect(guest.get_by_text("Source: Pool")).to_be_visible()
    guest.get_by_label("Your message").fill("2 towels please")
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE sessions SET revoked_at = now() WHERE kind = 'guest'")
    expect(guest.get_by_role("alert")).to_contain_text("Your session has ended.")
    assert guest.get_by_label("Your message").input_value() == "2 towels please"
    guest.get_by_role("link", name="How to get in again").click()
    expect(guest.get_by_text("Your session has ended.")).to_be_visible()


def test_staff_see_what_the_guest_writes_while_they_type(
    guest: Page, browser: Browser, site: str, hotels: str
) -> None:
    tell(guest, "I would like to talk to a person.")
    expect(guest.get_by_text("A person answers here.")).to_be_visible()
    chat = one(hotels, "SELECT id FROM conversations WHERE room_label = '204'")[0]
    staff = entered(browser, site, "staff@alpha.example", 1280)
    staff.goto(f"{site}/staff/chats/{chat}")
    staff.get_by_role("button", name="Take over").click()
    answer = staff.get_by_label("Your answer")
    answer.fill("Good evening, I")
    tell(guest, "The shower drips")
    expect(staff.get_by_text("The shower drips")).to_have_count(1)
    expect(answer).to_be_focused()
    assert answer.input_value() == "Good evening, I"
    other = user_id(hotels, "manager@alpha.example")
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE conversations SET assigned_to = %s WHERE id = %s", (other, chat))
    expect(staff.get_by_text("manager@alpha.example answers this guest.")).to_be_visible()
    assert answer.input_value() == "Good evening, I"
    assert faults(staff) == []
    staff.context.close()


def test_an_answer_that_cannot_be_sent_stays_until_it_can(browser: Browser, site: str, hotels: str) -> None:
    me = user_id(hotels, "staff@alpha.example")
    chat = waiting_chat(hotels, "307", assigned_to=me)
    staff = entered(browser, site, "staff@alpha.example", 390)
    staff.goto(f"{site}/staff/chats/{chat}")
    answer, send = staff.get_by_label("Your answer"), staff.get_by_role("button", name="Send")
    answer.fill("At 23:10.")
    staff.route("**/messages", lambda route: route.abort())
    send.click()
    expect(staff.get_by_role("alert")).to_have_text(
        "It was not sent. Your text is still here: send it again."
    )
    staff.unroute_all()
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE sessions SET revoked_at = now() WHERE kind = 'web'")
    send.click()
    leading = staff.get_by_role("alert").get_by_role("link", name="Your session has ended.")
    expect(leading).to_be_visible()
    assert answer.input_value() == "At 23:10."
    assert faults(staff) == []
    with staff.context.expect_page() as opened:
        leading.click()
    opened.value.fill("#email", "staff@alpha.example")
    opened.value.fill("#password", PASSWORD)
    opened.value.click("main button")
    opened.value.wait_for_url(f"**/staff/chats/{chat}")
    send.click()
    expect(staff.get_by_role("alert")).to_have_text(
        "It was not sent. Your text is still here: send it again."
    )
    send.click()
    expect(staff.locator(".said.mine")).to_contain_text("At 23:10.")
    assert answer.input_value() == ""
    assert one(hotels, "SELECT count(*) FROM messages WHERE role = 'staff'") == (1,)
    staff.context.close()


@pytest.mark.parametrize(
    ("email", "path", "title"),
    [("staff@alpha.example", "/staff", "Work"), ("manager@alpha.example", "/admin", "Overview")],
)
def test_who_waits_and_what_is_urgent_shows_up_by_itself(
    email: str, path: str, title: str, browser: Browser, site: str, hotels: str
) -> None:
    page = entered(browser, site, email, 390)
    page.goto(site + path)
    expect(page).to_have_title(f"(1) {title} · alpha")
    page.evaluate("document.getElementById('main').mark = 'same'")
    waiting_chat(hotels, "307")
    expect(page.get_by_role("heading", name="Room 307")).to_be_visible()
    expect(page).to_have_title(f"(2) {title} · alpha")
    ticket = {"title": "EMERGENCY reported in the chat", "source": "AI_AGENT", "category": "emergency"}
    made = add(hotels, "tickets", number=7, room_label="308", priority="URGENT", **ticket)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Emergency in room 308")
    expect(page).to_have_title(f"Emergency · {title} · alpha")
    assert page.evaluate("document.getElementById('main').mark") == "same"
    assert faults(page) == []
    expect(alert.get_by_role("link", name="Open ticket #7")).to_have_attribute(
        "href", f"/staff/tickets/{made}"
    )
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE tickets SET status = 'IN_PROGRESS' WHERE hotel_id = %s", (HOTEL_A,))
    expect(alert).to_have_count(0)
    page.context.close()
