"""The pages as people have them: a phone and a desk, a keyboard, and what axe-core says of them."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.app.mail import link_in
from tests.app.people import PASSWORD
from tests.app.work import one, user_id
from tests.app_system.busy_hotel import LONG, busy
from tests.app_system.guests import code_for_room, tell
from tests.app_system.instances import running
from tests.app_system.visiting import entered, judge
from tests.browsing import faults

pytestmark = pytest.mark.system
_PAGES = {
    "staff@alpha.example": (
        *("/staff", "/account", "/account/password"),
        *("/staff/tickets", "/staff/tickets/new"),
        *("/staff/work-orders", "/staff/work-orders/new"),
    ),
    "manager@alpha.example": (
        *("/admin", "/admin/knowledge?question=pool"),
        *("/admin/knowledge/new", "/admin/qr", "/admin/audit"),
    ),
    "admin@alpha.example": (
        *("/admin/users", "/admin/users/new", "/admin/users/{staff}"),
        *("/admin/settings", "/staff/tickets/{ticket}"),
    ),
    "owner@alpha.example": ("/admin/plan",),
    # A hotel without anything: empty states.
    "manager@beta.example": (
        *("/admin", "/staff", "/admin/knowledge", "/admin/qr", "/admin/audit"),
        *("/admin/users", "/staff/tickets", "/staff/work-orders"),
    ),
}
_PATIENCE_MS = 20_000
_PHONE = 390


@pytest.fixture
def site(environment: dict[str, str], hotels: str, tmp_path: Path) -> Iterator[str]:
    """Where the service listens; one of its two hotels is at work."""
    busy(hotels)
    with running(environment, tmp_path / "service.log") as instance:
        yield instance.base_url


# German and French, for their words are the longest.
@pytest.mark.parametrize(
    ("width", "language"), [(390, "en"), (1280, "en"), (390, "de"), (1280, "de"), (390, "fr")]
)
def test_pages_are_for_everybody_and_fit_the_screen(
    width: int, language: str, browser: Browser, site: str, hotels: str
) -> None:
    known = {
        "staff": user_id(hotels, "staff@alpha.example"),
        "ticket": one(hotels, "SELECT id FROM tickets")[0],
    }
    for email, paths in _PAGES.items():
        page = entered(browser, site, email, width, language)
        for path in paths:
            answer = page.goto(site + path.format(**known))
            assert answer is not None
            assert answer.status == 200, path
            assert page.get_attribute("html", "lang") == language, path
            judge(page, width, path)
        page.context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_talk_of_a_guest_is_for_everybody_from_the_code_to_the_person_at_the_desk(
    width: int, browser: Browser, site: str, hotels: str
) -> None:
    page = browser.new_context(viewport={"width": width, "height": 844}).new_page()
    page.goto(f"{site}/q/{code_for_room(hotels)}")
    judge(page, width, "code")
    page.get_by_role("button", name=re.compile("204")).click()
    page.wait_for_url("**/guest/chat*")
    expect(page.get_by_role("button", name="Pool")).to_be_visible()
    judge(page, width, "first look with topics")
    tell(page, "When does the pool open?")
    expect(page.get_by_text("Source: Pool")).to_be_visible(timeout=_PATIENCE_MS)
    tell(page, "2 towels please, " + "W" * 90)
    yes = page.get_by_role("button", name="Yes, pass it on")
    expect(yes).to_be_visible(timeout=_PATIENCE_MS)
    judge(page, width, "answer with source, question with chips")
    yes.click()
    expect(page.locator(".chip", has_text="Passed on")).to_be_visible(timeout=_PATIENCE_MS)
    # What is asked for has arrived before the page is read anew.
    with page.expect_response(lambda one: one.request.method == "POST" and one.url.endswith("/messages")):
        page.get_by_role("button", name="Talk to a person").click()
    page.reload()
    expect(page.get_by_text("A person answers here.")).to_be_visible(timeout=_PATIENCE_MS)
    judge(page, width, "chip and hand-off")
    page.context.close()


def test_who_is_invited_comes_in_without_scripts(browser: Browser, site: str) -> None:
    admin = entered(browser, site, "admin@alpha.example", _PHONE)
    admin.goto(f"{site}/admin/users/new")
    admin.fill("#email", "new@alpha.example")
    admin.fill("#display_name", "New Face")
    admin.get_by_role("button", name="Invite").press("Enter")
    admin.get_by_role("heading", name="Hand over the link").wait_for()
    assert admin.evaluate("document.documentElement.scrollWidth") <= _PHONE
    assert faults(admin) == []
    link = link_in(admin.content())
    person = browser.new_context(java_script_enabled=False).new_page()
    person.goto(f"{site}{link}")
    person.fill("#new", "short")
    person.fill("#again", "short")
    person.get_by_role("button", name="Set password").press("Enter")
    expect(person.get_by_text("Use at least 12 characters.")).to_be_visible()
    person.fill("#new", PASSWORD)
    person.fill("#again", PASSWORD)
    person.get_by_role("button", name="Set password").press("Enter")
    person.get_by_text("Your password is set. Log in with it.").wait_for()
    looking = browser.new_context().new_page()
    looking.goto(f"{site}{link}")
    expect(looking.get_by_role("heading", name="This link is not valid")).to_be_visible()
    assert faults(looking) == []
    for one_of in (admin, person, looking):
        one_of.context.close()


@pytest.mark.parametrize(("width", "language"), [(390, "de"), (1280, "en"), (390, "fr")])
def test_who_forgot_the_password_asks_for_a_link_on_any_screen(
    width: int, language: str, browser: Browser, environment: dict[str, str], hotels: str, tmp_path: Path
) -> None:
    assert hotels
    mails = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": "9", "EMAIL_FROM": "assistant@hotel.example"}
    with running({**environment, **mails}, tmp_path / "service.log") as instance:
        page = browser.new_context(viewport={"width": width, "height": 844}, locale=language).new_page()
        page.goto(f"{instance.base_url}/login")
        judge(page, width, "login")
        page.click("a[href='/forgot-password']")
        page.wait_for_selector("[data-page=forgot]")
        judge(page, width, "forgot")
        page.fill("#email", f"{'x' * 60}@alpha.example")
        page.click("main button")
        page.wait_for_selector(".notice.good")
        judge(page, width, "sent")


def test_forms_that_were_refused_are_for_everybody(browser: Browser, site: str, hotels: str) -> None:
    page = entered(browser, site, "owner@alpha.example", _PHONE)
    staff = user_id(hotels, "staff@alpha.example")
    for path, field in (
        ("/admin/settings", "#conversations"),
        ("/admin/plan", "#plan"),
        ("/admin/users/new", "#email"),
        (f"/admin/users/{staff}", "#display_name"),
        ("/staff/tickets/new", "#title"),
        ("/admin/qr", "#rooms"),
        ("/staff", "#room_label"),
    ):
        page.goto(site + path)
        form = page.locator("main form", has=page.locator(field))
        form.evaluate("form => { form.noValidate = true }")
        page.fill(field, "")
        form.locator("button").last.click()
        expect(page.locator(f"{field}[aria-invalid=true]"), path).to_have_count(1)
        assert faults(page) == [], path


def test_work_is_taken_with_the_keyboard_and_without_scripts(browser: Browser, site: str) -> None:
    page = entered(browser, site, "staff@alpha.example", 390)
    state = page.context.storage_state()
    page = browser.new_context(java_script_enabled=False, storage_state=state).new_page()
    page.goto(f"{site}/staff")
    page.get_by_role("button", name=re.compile(f"Take it ?: {LONG}")).press("Enter")
    page.wait_for_url("**/staff?said=started")
    assert page.get_by_role("status").text_content() == "It is yours now."
    assert page.get_by_role("button", name=re.compile(f"Done ?: {LONG}")).is_visible()


def test_a_note_is_written_and_removed_with_the_keyboard_and_without_scripts(
    browser: Browser, site: str
) -> None:
    state = entered(browser, site, "staff@alpha.example", _PHONE).context.storage_state()
    page = browser.new_context(
        java_script_enabled=False, storage_state=state, viewport={"width": _PHONE, "height": 844}
    ).new_page()
    page.goto(f"{site}/staff")
    page.get_by_label("Room", exact=True).fill("204")
    note, write = page.get_by_label("Note", exact=True), page.get_by_role("button", name="Write it down")
    note.fill(" ")
    write.press("Enter")
    expect(page.get_by_text("A note has 1 to 1000 characters.")).to_be_in_viewport()
    note.fill("A cot\nstays.")
    write.press("Enter")
    page.wait_for_url("**/staff?said=noted#notes")
    expect(page.get_by_text("The note stands with its room.")).to_be_in_viewport()
    expect(page.get_by_text("A cot\nstays.").first).to_be_in_viewport()
    page.get_by_role("button", name=re.compile("Remove ?: Room 204, A cot")).press("Enter")
    page.wait_for_url("**/staff?said=removed#notes")
    expect(page.get_by_text("The note is removed.")).to_be_in_viewport()
    assert page.get_by_text("A cot").count() == 0


@pytest.mark.parametrize("label", ["Take it", "Take over", "Done", "Remove"])
def test_what_is_tapped_is_big_enough_for_a_thumb(label: str, browser: Browser, site: str) -> None:
    page = entered(browser, site, "staff@alpha.example", 390)
    page.goto(f"{site}/staff")
    box = page.get_by_role("button", name=label).first.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] >= 44


# Reading codes is built into few browsers; the camera, its permission and the page's script are real here.
_READS = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect(picture) { return picture.videoWidth > 0 ? [{ rawValue: "CODE" }] : []; }
};
"""


def test_the_camera_reads_a_code_and_leads_to_its_page(browser: Browser, site: str) -> None:
    token = secrets.token_urlsafe(32)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_init_script(_READS.replace("CODE", f"http://127.0.0.1/q/{token}"))
    page = context.new_page()
    page.goto(f"{site}/login")
    page.get_by_role("link", name="Scan your staff code instead").click()
    page.get_by_role("button", name="Use the camera").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="Use the camera").press("Enter")
    page.wait_for_url(f"**/q/{token}")
    context.close()


def test_without_a_reader_of_codes_there_is_a_field_and_no_camera(browser: Browser, site: str) -> None:
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.add_init_script("delete window.BarcodeDetector")
    page.goto(f"{site}/staff/scan")
    assert page.get_by_role("button", name="Use the camera").count() == 0
    assert faults(page) == []
    page.fill("#code", "204")
    page.get_by_role("button", name="Go on").press("Enter")
    expect(page.get_by_text("This is no code of the assistant.")).to_be_visible()
    assert faults(page) == []
    page.context.close()
