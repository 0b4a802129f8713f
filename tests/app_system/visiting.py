"""A browser at the service's pages: who is inside, what fits the screen, where the keyboard leads."""

from playwright.sync_api import Browser, Page

from tests.app.people import PASSWORD
from tests.browsing import faults

# One of a group of choices stands for all of them; what is hidden or switched off is passed over.
_STOPS = """() =>
    [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
    .filter(one => one.type !== "hidden" && !one.disabled && one.tabIndex >= 0 && one.checkVisibility())"""
_AT = f"({_STOPS})().indexOf(document.activeElement)"
_SEEN = "getComputedStyle(document.activeElement).outlineStyle"
# A date is one field of several parts, and a button.
_PARTS = 8


def entered(browser: Browser, site: str, email: str, width: int, language: str = "en") -> Page:
    """The page that somebody comes to after the log-in."""
    page = browser.new_context(viewport={"width": width, "height": 844}, locale=language).new_page()
    page.goto(f"{site}/login")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: not url.endswith("/login"))
    return page


def judge(page: Page, width: int, what: str) -> None:
    """It fits the screen, and axe-core has nothing to say against it."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, what
    assert faults(page) == [], (what, width)


def walk(page: Page, what: str) -> int:
    """How many stops the keyboard makes on the page: each in the page's order, and seen."""
    count = int(page.evaluate(f"({_STOPS})().length"))
    start = page.evaluate(_AT)
    for expected in reversed(range(max(start, 0))):
        assert _step(page, "Shift+Tab", expected + 1) == expected, what
    for expected in range(1 if start >= 0 else 0, count):
        assert _step(page, "Tab", expected - 1) == expected, what
        assert page.evaluate(_SEEN) == "solid", (what, expected)
    return count


def _step(page: Page, key: str, left: int) -> int:
    """Where the keyboard is when it has left that stop."""
    at = left
    for _ in range(_PARTS):
        page.keyboard.press(key)
        at = int(page.evaluate(_AT))
        if at != left:
            break
    return at
