from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.core.finding import Location
from hotelctl.facts.error_lines import ErrorLine, error_lines

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ('{"level": "error", "ts": "2026-03-01T12:00:00Z"}', "error"),
        ('{"severity": "CRITICAL", "timestamp": "2026-03-01T12:00:00+00:00"}', "critical"),
        ('{"levelname": "ERROR", "asctime": "2026-03-01 14:00:00,000"}', "error"),
        ('{"log.level": "fatal", "@timestamp": "2026-03-01T12:00:00.000Z"}', "fatal"),
        ('{"level": 50, "time": 1772366400000}', "50"),
        ('{"level": 60, "time": 1772366400}', "60"),
        ("2026-03-01 14:00:00,000 ERROR thing: no", "error"),
        ("2026-03-01T12:00:00Z [error] 1#0: no", "error"),
        ('ts=2026-03-01T12:00:00Z level=error msg="no"', "error"),
        ("FATAL 2026-03-01 12:00:00+00:00: no", "fatal"),
    ],
)
def test_usual_forms_are_understood(line: str, level: str) -> None:
    assert error_lines("log", f"x\n{line}\n", EAST) == ([ErrorLine(Location("log", 2), NOON, level)], [])


@pytest.mark.parametrize(
    "line",
    [
        '{"level": "info", "ts": "2026-03-01T12:00:00Z", "msg": "ERROR"}',
        '{"level": 40, "time": 1772366400}',
        '{"msg": "no level"}',
        "2026-03-01 14:00:00,000 INFO 0 errors",
        "2026-03-01 14:00:00,000 WARNING error_rate=0",
        "",
        "[1]",
    ],
)
def test_what_is_no_error_is_none(line: str) -> None:
    assert error_lines("log", line, UTC) == ([], [])


def test_a_line_without_a_time_has_that_of_the_one_before() -> None:
    text = '2026-03-01 12:00:00+00:00 INFO GET /\nERROR:    Exception in application\n{"level": "error"}\n'
    found, untimed = error_lines("log", text, UTC)
    assert ([(line.place.line, line.at) for line in found], untimed) == ([(2, NOON), (3, NOON)], [])


def test_without_any_time_only_the_place_is_known() -> None:
    bad = (
        "ERROR no",
        "ERROR 2026-99-99 12:00:00 no",
        '{"level": 50, "time": 1e999}',
        '{"level":"error","ts":[]}',
    )
    text = "\n".join(("INFO hello", *bad))
    assert error_lines("log", text, UTC) == ([], [Location("log", number) for number in (2, 3, 4, 5)])


@given(st.text(alphabet=st.sampled_from('{}[]":,0123456789-TZ ERRORleveltime\n')))
def test_any_text_gets_an_answer(text: str) -> None:
    found, untimed = error_lines("log", text, UTC)
    assert len(found) + len(untimed) <= len(text.splitlines())
