"""What a guest sees when something goes wrong amid an answer: a sentence, and nothing is lost or doubled."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.app.work import one
from tests.app_system.busy_hotel import busy
from tests.app_system.guests import code_for_room, tell
from tests.app_system.instances import running
from tests.app_system.line import Line
from tests.browsing import faults

pytestmark = pytest.mark.system
_QUESTION = "When does the pool open?"
_NO_ANSWER = "There is no answer yet, because something went wrong. Send it again: it does not arrive twice."
_OURS = """
SELECT count(*) FILTER (WHERE role = 'guest'), count(*) FILTER (WHERE role = 'assistant')
    FROM messages JOIN conversations ON conversations.id = conversation_id WHERE room_label = '204'
"""


@pytest.fixture
def line(environment: dict[str, str], hotels: str, tmp_path: Path) -> Iterator[Line]:
    """The way to the service, one of whose hotels is at work."""
    busy(hotels)
    with running(environment, tmp_path / "service.log") as instance:
        made = Line(instance.base_url)
        yield made
        made.close()


@pytest.fixture
def page(browser: Browser, line: Line, hotels: str) -> Iterator[Page]:
    """A guest's, who has just come in."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en")
    page = context.new_page()
    page.goto(f"{line.url}/q/{code_for_room(hotels)}")
    page.click("main form button")
    page.wait_for_url("**/guest/chat*")
    yield page
    context.close()


@contextmanager
def _no_answer_can_be_stored(owner_url: str) -> Iterator[None]:
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("REVOKE INSERT ON ai_interaction_logs FROM hotel_app")
        try:
            yield
        finally:
            owner.execute("GRANT INSERT ON ai_interaction_logs TO hotel_app")


def _is_told_and_may_send_again(page: Page) -> None:
    alert = page.get_by_role("alert")
    expect(alert).to_have_text(_NO_ANSWER)
    expect(page.locator(".said.mine")).to_have_count(1)
    expect(page.get_by_label("Your message")).to_have_value(_QUESTION)
    assert faults(page) == []


def _is_answered_once(page: Page, owner_url: str) -> None:
    expect(page.get_by_text("Source: Pool")).to_have_count(1)
    expect(page.locator(".said.mine")).to_have_count(1)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_label("Your message")).to_have_value("")
    assert one(owner_url, _OURS) == (1, 1)


def test_an_answer_that_fails_is_told_and_what_was_asked_is_answered_when_sent_again(
    page: Page, hotels: str
) -> None:
    with _no_answer_can_be_stored(hotels):
        tell(page, _QUESTION)
        _is_told_and_may_send_again(page)
        assert one(hotels, _OURS) == (1, 0)
    page.get_by_role("button", name="Send").click()
    _is_answered_once(page, hotels)


def test_a_line_that_breaks_amid_an_answer_loses_and_doubles_nothing(
    page: Page, line: Line, hotels: str
) -> None:
    with _no_answer_can_be_stored(hotels):
        line.cut_after = b"event: accepted"
        tell(page, _QUESTION)
        _is_told_and_may_send_again(page)
        assert line.cut_after is None
    page.get_by_role("button", name="Send").click()
    _is_answered_once(page, hotels)


def test_an_answer_that_was_stored_behind_a_broken_line_is_shown_without_another_word(
    page: Page, line: Line, hotels: str
) -> None:
    line.cut_after = b"event: accepted"
    tell(page, _QUESTION)
    _is_answered_once(page, hotels)
    assert line.cut_after is None


def test_without_a_line_nothing_is_sent_and_what_was_typed_stays(page: Page, line: Line, hotels: str) -> None:
    line.is_up = False
    tell(page, _QUESTION)
    _is_told_and_may_send_again(page)
    assert one(hotels, _OURS) == (0, 0)
    line.is_up = True
    page.get_by_role("button", name="Send").click()
    _is_answered_once(page, hotels)


def test_another_text_after_a_failure_is_a_message_of_its_own(page: Page, line: Line, hotels: str) -> None:
    line.is_up = False
    tell(page, "Is there a gym?")
    expect(page.get_by_role("alert")).to_have_text(_NO_ANSWER)
    line.is_up = True
    tell(page, _QUESTION)
    expect(page.get_by_text("Source: Pool")).to_have_count(1)
    expect(page.locator(".said.mine p:last-child")).to_have_text(_QUESTION)
    assert one(hotels, _OURS) == (1, 1)
