"""Rows of facts: a table that fits the terminal, or the raw data as JSON."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from hotelctl.render.terminal import tell, text

_SHORT = ("id", "seq", "time", "kind", "outcome", "operation", "seconds", "by", "step")


@dataclass(frozen=True, slots=True)
class Rows:
    """`shown` for people, all with the same keys; `raw` for programs; `warnings` belong on stderr.

    `none` is what people are told where nothing is shown.
    """

    shown: Iterable[Mapping[str, Any]]
    raw: Any
    warnings: tuple[str, ...] = ()
    none: str = "nothing yet"


def as_text(rows: Rows, console: Console) -> None:
    """One line a row; empty columns are left out."""
    found = list(rows.shown)
    if not found:
        tell(console, text(rows.none))
        return
    columns = [name for name in found[0] if any(row[name] not in ("", None) for row in found)]
    titled = columns != ["what", "value"]
    table = Table(box=None, show_header=titled, pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name in _SHORT)
    for row in found:
        table.add_row(*(text(_word(row[name])) for name in columns))
    tell(console, table)


def as_json(rows: Rows, console: Console) -> None:
    """The raw data."""
    console.file.write(json.dumps(rows.raw, indent=2) + "\n")


def _word(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


FORMATS: Mapping[str, Callable[[Rows, Console], None]] = {"console": as_text, "json": as_json}
