import io
import json

from hotelctl.core.report import Status
from hotelctl.render.changes import as_json, as_text
from hotelctl.render.difference import difference
from hotelctl.render.terminal import plain
from tests.render.made import EVERY_STATUS, MEASURED, Outcome, document, finding

BEFORE = document({"ENV001": EVERY_STATUS["ENV001"], "ENV012": Outcome(Status.PASSED)}, id="first")
AFTER = document(
    {
        "ENV001": Outcome(Status.UNKNOWN, reason="no \x1b[2Jcontract", evidence=()),
        "ENV012": Outcome(Status.PASSED),
        "ENV013": Outcome(Status.FAILED, "Secrets differ", findings=(finding("B", "is the same"),)),
    },
    id="second",
    performance=(MEASURED,),
)


def said(*reports: object) -> str:
    stream = io.StringIO()
    as_text(difference(*reports), plain(stream))  # type: ignore[arg-type]
    return stream.getvalue()


def test_every_difference_is_a_line() -> None:
    lines = said(BEFORE, AFTER).splitlines()
    assert lines[0] == "first -> second"
    told = [line.strip() for line in lines]
    assert "ENV001 fail -> unknown: Every required key is present" in said(BEFORE, AFTER)
    assert "not judged again: critical, DATABASE_URL: is not set (.env.local:3)" in told
    assert "ENV013 absent -> fail: Secrets differ" in said(BEFORE, AFTER)
    assert "new: critical, B: is the same (.env.local:3)" in told
    assert "api_p95: not measured -> 0.031 s" in told
    assert lines[-1] == "1 check as before"
    assert "gone: critical, DATABASE_URL" in said(BEFORE, document({"ENV001": Outcome(Status.PASSED)}))


def test_no_terminal_acts_on_foreign_text_and_eighty_columns_hold() -> None:
    text = said(BEFORE, AFTER)
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_no_difference_is_said() -> None:
    assert said(BEFORE, BEFORE) == "first -> first\nno difference, 2 checks as before\n"


def test_programs_get_one_object() -> None:
    stream = io.StringIO()
    as_json(difference(BEFORE, AFTER), plain(stream))
    answer = json.loads(stream.getvalue())
    assert (answer["before"], answer["after"], answer["same"]) == ("first", "second", 1)
    assert [(one["id"], one["before"], one["after"]) for one in answer["checks"]] == [
        ("ENV001", "fail", "unknown"),
        ("ENV013", None, "fail"),
    ]
