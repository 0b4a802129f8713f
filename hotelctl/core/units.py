"""Numbers as people read and write them."""

import re

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(s|m|h|)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


def duration_s(text: str) -> float:
    """Seconds: `90`, `90s`, `30m`, `1.5h`. Raises `ValueError` for anything else, and for no time at all."""
    form = _DURATION.fullmatch(text.strip().lower())
    seconds = float(form[1]) * _SECONDS[form[2]] if form else 0.0
    if not seconds:
        raise ValueError(f"{text!r} is no time; write it as 90s, 30m or 2h")
    return seconds


def size(count: int) -> str:
    """Bytes: `812 B`, `3.4 kB`, `1.2 GB`."""
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 999.95 and len(units) > 1:  # noqa: PLR2004 - what rounds to 1000.0
        value, units = value / 1000, units[1:]
    return f"{count} B" if units[0] == "B" else f"{value:.1f} {units[0]}"


def milliseconds(seconds: float) -> str:
    """`0.04 ms`, `2.1 ms`, `59 ms`: two figures where there are as many."""
    value = seconds * 1000
    return f"{value:.{2 if value < 1 else 1 if value < 10 else 0}f} ms"  # noqa: PLR2004 - powers of ten


def thousands(count: int, noun: str) -> str:
    """`1 row`, `2,300 rows`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
