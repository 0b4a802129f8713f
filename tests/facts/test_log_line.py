import time
from datetime import UTC, datetime

import pytest

from hotelctl.facts.log_line import LogLine, read_log_line, zone_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
BERLIN = zone_of("Europe/Berlin")


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ('{"level": "error", "ts": "2026-03-01T12:00:00Z"}', "error"),
        ('{"severity": "CRITICAL", "timestamp": "2026-03-01T12:00:00+00:00"}', "critical"),
        ('{"levelname": "ERROR", "asctime": "2026-03-01 13:00:00,000"}', "error"),
        ('{"log.level": "fatal", "@timestamp": "2026-03-01T12:00:00.000Z"}', "fatal"),
        ('{"level": 50, "time": 1772366400000}', "50"),
        ('{"level": 60, "time": 1772366400}', "60"),
        ("2026-03-01 13:00:00,000 ERROR thing: no", "error"),
        ("2026-03-01 13:00:00,000 ERROR:root:no", "error"),
        ("2026-03-01 13:00:00.000 | ERROR    | a:b:1 - no", "error"),
        ("[2026-03-01 12:00:00 +0000] [7] [CRITICAL] no", "critical"),
        ("[2026-03-01T12:00:00.000Z][ERROR] no", "error"),
        ("[ERROR][2026-03-01 13:00:00] no", "error"),
        ("E, [2026-03-01T13:00:00.000000 #1] ERROR -- : no", "error"),
        ("2026-03-01 12:00:00.000 UTC [7] FATAL:  no", "fatal"),
        ("2026/03/01 13:00:00 [error] 1#0: no", "error"),
        ("2026/03/01 13:00:00 ERROR no", "error"),
        ("2026-03-01T12:00:00Z [\x1b[31merror    \x1b[0m] no", "error"),
        ("2026-03-01T12:00:00Z [core:error] no", "error"),
        ('ts=2026-03-01T12:00:00Z level=error msg="no"', "error"),
        ('time="2026-03-01T12:00:00Z" level="error" msg="no"', "error"),
        ("FATAL 2026-03-01 12:00:00+00:00: no", "fatal"),
    ],
)
def test_usual_forms_are_understood(line: str, level: str) -> None:
    assert read_log_line(line, BERLIN) == LogLine(NOON, level)


@pytest.mark.parametrize(
    "line",
    [
        '{"level": "info", "ts": "2026-03-01T12:00:00Z", "msg": "ERROR"}',
        '{"level": 40, "time": 1772366400}',
        '{"msg": "no level"}',
        '{"level": "info", "msg": "ERROR',
        "2026-03-01 14:00:00,000 INFO 0 errors",
        "INFO 0 tests in state ERROR",
        "INFO:     0 tests in state ERROR",
        "2026-03-01 14:00:00,000 WARNING error_rate=0",
        "level=info state=ERROR level=error",
        "",
        "[1]",
    ],
)
def test_what_is_no_error_is_none(line: str) -> None:
    assert read_log_line(line, BERLIN).bad is None


@pytest.mark.parametrize(
    "line",
    [
        '2026-03-01 12:00:00 INFO uvicorn.access 203.0.113.9 "GET /?q=ERROR HTTP/1.1" 200',
        '203.0.113.9 "GET /?q= ERROR HTTP/1.1" 200',
        '203.0.113.9 - ERROR [01/Mar/2026:12:00:00 +0000] "GET / HTTP/1.1" 401',
        "GET /ERROR 404 1 ms",
        "GET /?q=[ERROR]&level=error 404 1 ms",
        "GET /[error] 404 1 ms",
    ],
)
def test_what_somebody_sent_is_no_level(line: str) -> None:
    assert read_log_line(line, BERLIN).bad is None


@pytest.mark.parametrize(
    "line",
    [
        'INFO 203.0.113.9 "GET / 2020-01-01T00:00:00Z"',
        "GET /?t=2020-01-01T00:00:00Z 200",
        "GET /2020-01-01T00:00:00Z",
    ],
)
def test_what_somebody_sent_is_no_time(line: str) -> None:
    assert read_log_line(line, BERLIN).at is None


@pytest.mark.parametrize(
    "line",
    [
        "ERROR no",
        "ERROR 2026-99-99 12:00:00 no",
        "0001-01-01 00:00:00 ERROR no",
        '{"level": "error", "time": 1e999}',
        '{"level": "error", "ts": []}',
    ],
)
def test_a_time_that_cannot_be_is_none(line: str) -> None:
    assert read_log_line(line, BERLIN) == LogLine(None, "error")


def test_summer_and_winter_have_their_own_offsets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        for zone in (BERLIN, zone_of(":Europe/Berlin"), zone_of(None)):
            hours = [read_log_line(f"2026-{month}-01 12:00:00 x", zone).at for month in ("01", "07")]
            assert [at.hour for at in hours if at] == [11, 10]
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("name", ["nowhere/at-all", "/etc/passwd", "CET-1CEST,M3.5.0,M10.5.0/3"])
def test_in_a_zone_that_nobody_knows_only_times_with_an_offset_are_told(name: str) -> None:
    assert read_log_line("2026-03-01 12:00:00 x", zone_of(name)).at is None
    assert read_log_line("2026-03-01 12:00:00Z x", zone_of(name)).at == NOON
