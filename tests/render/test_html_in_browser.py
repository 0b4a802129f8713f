"""The report as people have it: a phone and a desk, light and dark, a keyboard, paper, and no network."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from hotelctl.core.finding import Location
from hotelctl.core.report import LockTimeline, Status, Verdict
from hotelctl.render.html import render
from tests.browsing import faults
from tests.render import made
from tests.render.test_html import EVIL, FILES

pytestmark = pytest.mark.system
Scheme = Literal["light", "dark"]
_LONG = "Air conditioning rattles whenever the compressor starts, mostly at night " * 2
_WIDE = "A_NAME_" * 20


@pytest.fixture
def report(tmp_path: Path) -> str:
    """Where the page of a deployment with every status, a long finding and planted markup stands."""
    found = (
        made.finding(),
        made.finding(_WIDE, EVIL + _LONG, fix="export X=" + "y" * 200, path=f"a/{_WIDE}"),
    )
    outcomes = {**made.EVERY_STATUS, "ENV001": made.Outcome(Status.FAILED, findings=found)}
    document = made.document(
        outcomes,
        steps=made.steps(failed_at=6),
        verdict=Verdict.STOPPED,
        facts={"flip": "12 ms"},
        lock_timeline=_locks(),
    )
    place = tmp_path / "report.html"
    place.write_text(render(document, FILES))
    return place.as_uri()


def _locks() -> LockTimeline:
    """Two transactions, and a table and a file with very long names."""
    wide = replace(made.LOCKS.bars[0], table=f"public.{_WIDE}", place=Location(f"a/{_WIDE}.sql", 3))
    return replace(made.LOCKS, bars=(*made.LOCKS.bars, wide))


def opened(browser: Browser, report: str, width: int = 1280, scheme: Scheme = "light") -> Page:
    page = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme).new_page()
    page.on("request", lambda request: _local(request.url))
    page.on("dialog", lambda _: pytest.fail("a script of a finding ran"))
    page.goto(report)
    return page


def _local(url: str) -> None:
    assert url.startswith("file:"), url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_for_everybody_and_fits_the_screen(
    width: int, scheme: Scheme, browser: Browser, report: str
) -> None:
    page = opened(browser, report, width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert faults(page) == []


def test_a_filter_shows_one_status_by_the_keyboard_and_without_scripts(browser: Browser, report: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(report)
    page.get_by_role("radio", name="all 7 checks").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("radio", name="fail 1").is_checked()
    assert page.get_by_text("ENV001", exact=True).first.is_visible()
    assert not page.get_by_text("ENV012", exact=True).first.is_visible()
    page.get_by_role("radio", name="all 7 checks").check()
    assert page.get_by_text("ENV012", exact=True).first.is_visible()


def test_a_row_opens_by_the_keyboard_and_leads_to_its_evidence(browser: Browser, report: str) -> None:
    page = opened(browser, report)
    row = page.locator("details", has_text="Secrets are long and not guessable").first
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    row.get_by_role("link", name="ev-0001").click()
    assert page.get_by_text("all <b>good</b>").is_visible()


def test_planted_markup_is_shown_as_text(browser: Browser, report: str) -> None:
    page = opened(browser, report)
    assert page.get_by_text("<script>alert(1)</script>").first.is_visible()
    assert page.locator("script, img").count() == 0


def test_on_paper_every_row_is_open_and_controls_are_away(browser: Browser, report: str) -> None:
    page = opened(browser, report, 800)
    hidden = page.locator("details.row.unknown .reason")
    assert not hidden.is_visible()
    page.emulate_media(media="print")
    assert hidden.evaluate("node => node.getBoundingClientRect().height") > 0
    assert hidden.evaluate("node => node.checkVisibility({contentVisibilityAuto: true})")
    assert not page.locator("fieldset").is_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_bars_stand_below_their_statements_and_letters_keep_their_size(
    width: int, browser: Browser, report: str
) -> None:
    page = opened(browser, report, width)
    picture = page.locator(".locks > svg")
    whole = picture.bounding_box()
    assert whole is not None
    boxes = [one.bounding_box() for one in picture.locator(".statement").all()]
    bars = [one.bounding_box() for one in picture.locator(".bar").all()]
    edges = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
    spans = [(bar["x"], bar["x"] + bar["width"]) for bar in bars if bar]
    assert spans[1] == pytest.approx((edges[1][0], edges[2][1]), abs=0.5)
    assert spans[2] == pytest.approx(edges[3], abs=0.5)
    assert edges[3][1] == pytest.approx(whole["x"] + whole["width"], abs=0.5)
    size = picture.locator("text").first.evaluate("node => node.getBoundingClientRect().height")
    assert size >= 12


def test_who_waits_is_told_without_colour(browser: Browser, report: str) -> None:
    page = opened(browser, report)
    fills = [
        one.evaluate("node => getComputedStyle(node).fill") for one in page.locator(".locks > svg .bar").all()
    ]
    assert 'url("#lock-writes")' in fills[0]
    assert 'url("#lock-all")' in fills[1]
    assert page.locator("#lock-writes .stripe").count() == 1
    assert page.locator("#lock-all .stripe").count() == 0
