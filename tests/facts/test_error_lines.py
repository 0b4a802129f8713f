from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hotelctl.core.finding import Location
from hotelctl.facts.error_lines import KEPT, Counted, error_lines
from hotelctl.facts.log_line import zone_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
UTC_ZONE = zone_of("UTC")


def _counted(*texts: str, since: datetime = NOON) -> Counted:
    return error_lines([(f"log{number}", text) for number, text in enumerate(texts)], since, UTC_ZONE)


def test_a_line_without_a_time_has_that_of_the_one_before_even_in_the_file_before() -> None:
    found = _counted(
        "2026-03-01 12:00:00 INFO GET /\nERROR:    Exception in application\n", '{"level": "error"}\n'
    )
    assert [(line.place, line.at) for line in found.lines] == [
        (Location("log0", 2), NOON),
        (Location("log1", 1), NOON),
    ]
    assert (found.untimed, found.timed, found.read) == (0, True, 3)


def test_lines_of_before_do_not_count() -> None:
    text = "2026-03-01 11:59:59 ERROR no\nERROR no\n2026-03-01 12:00:01 ERROR no\n"
    assert [line.place.line for line in _counted(text).lines] == [3]


def test_without_any_time_lines_are_only_counted() -> None:
    found = _counted("INFO hello\nERROR no\nERROR no\n")
    assert found == Counted(untimed=2, last_untimed=Location("log0", 3), read=3)
    found = _counted("ERROR no\n2026-03-01 12:00:00 INFO up\n")
    assert (found.untimed, found.timed, found.count) == (1, True, 0)


def test_only_a_line_feed_ends_a_line() -> None:
    text = "2026-03-01 12:00:00 INFO a\u2028ERROR b\x85ERROR c\x0cERROR d\r\nERROR e"
    found = _counted(text)
    assert ([line.place.line for line in found.lines], found.read) == ([2], 2)
    assert (_counted("").read, _counted("\n").read, _counted("a\nb").read) == (0, 1, 2)


def test_a_long_log_is_read_in_one_pass_and_the_newest_are_kept() -> None:
    n = 50_000
    found = _counted("ERROR no\n" * n, "2026-03-01 12:00:00 INFO up\n" + "ERROR no\n" * n)
    assert (found.untimed, found.count, found.read) == (n, n, 2 * n + 1)
    assert [line.place.line for line in found.lines] == list(range(n + 2 - KEPT, n + 2))


@given(st.text(alphabet=st.sampled_from('{}[]":,0123456789-TZ ERRORleveltime\n')))
def test_any_text_gets_an_answer(text: str) -> None:
    found = _counted(text, since=NOON - timedelta(days=9999))
    assert found.count + found.untimed <= found.read <= text.count("\n") + 1
