import re
from collections.abc import Mapping
from dataclasses import replace
from html.parser import HTMLParser

from hypothesis import given, settings

from hotelctl.core.report import Status, Verdict
from hotelctl.render.document import Document
from hotelctl.render.html import render
from hotelctl.render.trailer import intact
from hotelctl.render.verify import EVIDENCE
from tests.render import made
from tests.render.test_exhibit import log
from tests.render.test_markdown import CLIENT_ORDER, HOSTILE

SAID = b"--- stdout ---\nall <b>good</b>\n"
FILES: Mapping[str, bytes] = {
    EVIDENCE: log(
        {"adapter": "process", "argv": ["pytest"], "output": {"path": "evidence/ev-0001.txt"}},
        {"adapter": "finding", "check": "ENV001", "excerpt": "DATABASE_URL="},
        {"adapter": "finding", "check": "ENV005", "excerpt": "DATABSE_URL="},
    ),
    "evidence/ev-0001.txt": SAID,
}
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


class Shape(HTMLParser):
    """The tags and attributes of a page, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def page(document: Document, files: Mapping[str, bytes] = FILES) -> Shape:
    return Shape(render(document, files))


def test_the_verdict_stands_on_top() -> None:
    words = page(made.document()).words
    assert words.index("BLOCKED") < words.index("1. Environment")
    assert "1 check with findings at or above high" in words


def test_the_sections_are_the_clients_in_their_order() -> None:
    headings = re.findall(
        r'<h2 id="part-\d+">(\d+)\. ([^<{]*?)(?: <span|</h2>)', render(made.document(), FILES)
    )
    assert [title for _, title in headings] == CLIENT_ORDER
    assert [int(number) for number, _ in headings] == list(range(1, 15))


def test_every_row_names_its_evidence_and_leads_to_it() -> None:
    shape = page(made.document())
    links = [attributes["href"] for tag, attributes in shape.tags if tag == "a"]
    ids = {attributes.get("id") for _, attributes in shape.tags}
    assert {"#ev-0001", "#ev-0002", "#ev-0003"} <= set(links)
    assert {str(link).removeprefix("#") for link in links} <= ids
    assert "all <b>good</b>" in shape.words
    assert "process: pytest" in shape.words


def test_evidence_that_is_away_is_not_promised() -> None:
    shape = page(made.document(), {})
    assert "ev-0001 is not in this file" in shape.words
    assert [a["href"] for tag, a in shape.tags if tag == "a"] == ["#results"]


def test_it_needs_no_network_and_no_script() -> None:
    text = render(made.document(steps=made.steps(), verdict=Verdict.DEPLOYED), FILES)
    shape = Shape(text)
    assert not [tag for tag, _ in shape.tags if tag in {"script", "link", "img", "iframe", "form", "base"}]
    assert not [name for _, attributes in shape.tags for name in attributes if name.startswith("on")]
    assert not [a for _, a in shape.tags for name in ("src", "style") if name in a]
    assert not re.search(r"url\((?!#)", text)
    assert "@import" not in text
    (policy,) = [a["content"] for tag, a in shape.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert str(policy).startswith("default-src 'none'; style-src 'sha256-")


def test_each_status_that_is_there_can_be_shown_alone() -> None:
    shape = page(made.document())
    shown = [a["id"] for tag, a in shape.tags if tag == "input"]
    words = ["fail", "unknown", "warn", "waived", "skipped", "pass", "not_applicable"]
    assert shown == ["show-all", *(f"show-{word}" for word in words)]
    text = render(made.document(), FILES)
    for word in words:
        assert f"body:has(#show-{word}:checked) .checks .row:not(.{word})" in text


def test_a_waived_row_says_who_and_until_when() -> None:
    words = page(made.document()).words
    assert made.waiver().told() in words
    assert "Approved by bela, owner ana, ticket OPS-17" in words


def test_planted_markup_stays_text_wherever_it_comes_from() -> None:
    found = made.finding(subject=EVIL, message=EVIL, fix=EVIL, path=EVIL)
    files = {
        EVIDENCE: log({"adapter": "process", "argv": [EVIL], EVIL: EVIL, "output": {"path": "o"}}),
        "o": EVIL.encode(),
    }
    document = made.document(
        {
            "ENV001": made.Outcome(Status.FAILED, EVIL, findings=(found,)),
            "DB001": made.Outcome(Status.UNKNOWN, EVIL, EVIL, evidence=()),
        },
        facts={EVIL: EVIL},
        next_steps=(EVIL,),
        service={"name": EVIL, "version": EVIL},
    )
    shape = page(document, files)
    assert not [tag for tag, _ in shape.tags if tag in {"script", "img"}]
    assert shape.words.count(EVIL) >= 12


def test_steps_of_a_deployment_are_rows() -> None:
    document = made.document({}, steps=made.steps(failed_at=6), verdict=Verdict.STOPPED)
    shape = page(document)
    assert sum(str(a.get("class")) == "row step" for _, a in shape.tags) == 10
    assert [a.get("class") for _, a in shape.tags if "open" in a] == ["row step"]


def test_a_changed_byte_shows_by_the_last_line() -> None:
    data = render(made.document(), FILES).encode()
    assert intact(data)
    assert not intact(data.replace(b"BLOCKED", b"READY  ", 1))


@settings(max_examples=25)
@given(HOSTILE, HOSTILE)
def test_foreign_text_does_not_change_the_structure(subject: str, words: str) -> None:
    def tags(subject: str, words: str) -> list[str]:
        found = made.finding(subject=f"s{subject}", message=f"w{words}", fix=f"w{words}", path=f"w{words}")
        outcomes = {"ENV001": made.Outcome(Status.FAILED, f"w{words}", findings=(found,))}
        return [tag for tag, _ in page(made.document(outcomes)).tags]

    assert tags(subject, words) == tags("", "")


def test_a_target_shows_its_interval_and_its_latencies() -> None:
    shown = page(made.document(performance=(made.MEASURED,)))
    assert "between 30.5 ms and 31.4 ms" in shown.words
    assert [tag for tag, _ in shown.tags].count("rect") == 3
    assert not [attrs for _, attrs in shown.tags if "style" in attrs]


def test_a_check_that_stands_on_a_kept_answer_says_so() -> None:
    text = render(made.document(made.WITH_KEPT), FILES)
    assert text.count(f"Cached: stands on an answer of {made.KEPT_SINCE}; nothing") == 2
    assert text.count(", cached</span>") == 2
    assert "cached" not in render(made.document(), FILES)


def test_a_check_with_findings_that_were_left_out_says_so() -> None:
    assert render(made.document(made.NARROWED), FILES).count(f"Left out: {made.LEFT_OUT}.") == 1


def test_the_lock_timeline_is_a_picture_a_table_and_a_list_in_its_section() -> None:
    text = render(made.document(lock_timeline=made.LOCKS), FILES)
    below = text[text.index("2. Database schema") : text.index("3. Test suite")]
    assert below.count('<rect class="bar ') == 3 + 2, "bars, and what they mean"
    assert 'role="img" aria-label="4 statements in 10.0 ms.' in below
    for words in ("not the length", "statements 2 to 3, 1.0 ms to 9.5 ms", "a transaction ends"):
        assert words in below
    assert below.count("<li><code>") == 4
    assert 'class="locks"' not in render(made.document(), FILES)
    kept = render(made.document(lock_timeline=made.KEPT_LOCKS), FILES)
    assert f"It stands on an answer of {made.KEPT_SINCE}; nothing" in kept
    assert "It stands on an answer of" not in text


def test_of_many_tables_twelve_are_drawn() -> None:
    text = render(made.document(lock_timeline=made.locks_of(14)), FILES)
    assert text.count('<text class="table"') == text.count('scope="rowgroup"') == 12
    assert "and 2 more tables in report.json" in text


def test_names_in_the_lock_timeline_are_text() -> None:
    bars = tuple(replace(bar, table=EVIL) for bar in made.LOCKS.bars)
    statements = tuple(replace(one, sql=EVIL) for one in made.LOCKS.statements)
    evil = replace(made.LOCKS, bars=bars, statements=statements, stopped=EVIL)
    tags = Shape(render(made.document(lock_timeline=evil), FILES)).tags
    assert not [tag for tag, _ in tags if tag in ("script", "img")]
