import pytest

from hotelctl.checks.security.docs_and_debug_are_off import docs_and_debug_are_off
from hotelctl.core.errors import NotApplicable
from tests.checks import made
from tests.checks.security.answers import asked, live

TRACE = 'x\nTraceback (most recent call last)\n  File "a.py"'


def test_what_is_not_there_is_fine() -> None:
    assert not made.judged(docs_and_debug_are_off, live())


def test_a_path_that_shows_something_is_a_finding() -> None:
    shown = (asked("GET /docs", 200, body="<h1>API"), asked("GET /redoc", 307), asked("GET /.env", 403))
    (finding,) = made.judged(docs_and_debug_are_off, live(hidden=shown))
    assert finding.message == "GET /docs answers 200 in production"


def test_a_page_that_stands_at_every_path_shows_nothing() -> None:
    pages = (asked(body="app"), asked("GET /nobodys", 200, body="app"))
    assert not made.judged(
        docs_and_debug_are_off, live(pages=pages, hidden=(asked("GET /docs", body="app"),))
    )


@pytest.mark.parametrize("text", [TRACE, "at handle (/srv/app.js:12)", "at com.x.Y.z(Main.java:7)"])
def test_a_trace_in_any_answer_is_a_finding(text: str) -> None:
    (finding,) = made.judged(docs_and_debug_are_off, live(intruders=(asked("GET /mine", 500, body=text),)))
    assert "shows the inside" in finding.message


def test_elsewhere_than_in_production_nothing_is_said() -> None:
    with pytest.raises(NotApplicable, match="staging"):
        made.judged(docs_and_debug_are_off, live(profile="staging", intruders=(asked(body=TRACE),)))
