"""Numbers as people read them."""


def size(count: int) -> str:
    """Bytes: `812 B`, `3.4 kB`, `1.2 GB`."""
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 999.95 and len(units) > 1:  # noqa: PLR2004 - what rounds to 1000.0
        value, units = value / 1000, units[1:]
    return f"{count} B" if units[0] == "B" else f"{value:.1f} {units[0]}"


def thousands(count: int, noun: str) -> str:
    """`1 row`, `2,300 rows`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
