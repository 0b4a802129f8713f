"""How far a dump, a restore or a migration is, told while it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hotelctl.core.units import size, thousands


@dataclass(frozen=True, slots=True)
class Watcher:
    """`tell` is called every so many seconds; `rows` are those of each table, where they are known before."""

    tell: Callable[[str], None]
    every_s: float
    rows: Mapping[str, int] = field(default_factory=dict)


def progress(rows: int, total: int, size_bytes: int, took_s: float) -> str:
    """Bytes, rows, rate and time left, as far as they can be told; `total` is 0 where nobody knows."""
    rate = rows / took_s if took_s > 0 else 0.0
    parts = [size(size_bytes)]
    parts.append(f"{rows:,} of {thousands(total, 'row')}" if total else thousands(rows, "row"))
    if rate:
        parts.append(f"{thousands(round(rate), 'row')}/s")
    if total and rows >= total:
        parts.append("indexes and keys next")
    elif rate and total:
        parts.append(f"{_duration((total - rows) / rate)} left")
    return ", ".join(parts)


class Unit(StrEnum):
    """What the server counts."""

    BYTES = "bytes"
    ROWS = "rows"


def moved(what: str, done: int, total: int, unit: Unit, paced: tuple[int, float]) -> str:
    """How far `what` is, its rate and the time left, as far as they can be told; `total` is 0 where unknown.

    `paced` is how much was done in how many seconds.
    """
    shown = size if unit is Unit.BYTES else lambda count: thousands(count, "row")
    rate = paced[0] / paced[1] if paced[1] > 0 else 0.0
    so_far = f"{done:,}" if unit is Unit.ROWS else shown(done)
    parts = [f"{so_far} of {shown(total)}" if total else shown(done)] if done or total else []
    if rate >= 1:
        parts.append(f"{shown(round(rate))}/s")
    if rate >= 1 and total > done:
        parts.append(f"{_duration((total - done) / rate)} left")
    return f"{what}, {', '.join(parts)}" if parts else what


def comparing(table: str, tables: tuple[int, int], rows: tuple[int, int], took_s: float) -> str:
    """Which table is read, how many of all tables and rows are through, how fast, and the time left."""
    what = f"comparing {table}, {tables[0]} of {thousands(tables[1], 'table')} done"
    return moved(what, *rows, Unit.ROWS, (rows[0], took_s))


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
