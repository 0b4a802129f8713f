"""Entries of a file, CSV or JSON lines: each line is an entry, or says what is wrong with it."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from hotelctl.app.api.knowledge import EntryIn
from hotelctl.app.domain.assistant.language import ENGLISH
from hotelctl.app.domain.texts import Texts, texts_in

Kind = Literal["text/csv", "application/x-ndjson"]
KINDS: tuple[Kind, ...] = ("text/csv", "application/x-ndjson")
MOST_ENTRIES = 2000
_MOST_FAULTS = 100
_COLUMNS = tuple(EntryIn.model_fields)
_NEEDED = {name for name, column in EntryIn.model_fields.items() if column.is_required()}


class Fault(NamedTuple):
    """What is wrong in a line, never what stands there; without a field it is about the whole line."""

    line: int
    field: str | None
    what: str
    key: str = "fault.other"
    values: Mapping[str, object] = MappingProxyType({})

    def told(self, t: Texts, words: Mapping[str, str]) -> str:
        """What is wrong, in the language of a page; `words` is what its form says of each field."""
        return words.get(self.field or "") or t(self.key, **self.values)


def _fault(line: int, key: str, **values: object) -> Fault:
    return Fault(line, None, texts_in(ENGLISH)(key, **values), key, values)


@dataclass(slots=True)
class Lines:
    """What a file holds; with a fault nothing of it is to be used."""

    entries: list[EntryIn] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(content: bytes, kind: Kind) -> Lines:
    """The entries of the file, and at most a hundred faults."""
    found = Lines()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found.faults.append(_fault(content[: error.start].count(b"\n") + 1, "fault.no_utf8"))
        return found
    rows = _csv_rows(text) if kind == "text/csv" else _json_rows(text)
    for line, row in rows:
        if len(found.entries) == MOST_ENTRIES:
            found.faults.append(_fault(line, "fault.too_many", most=MOST_ENTRIES))
            break
        if isinstance(row, Fault):
            found.faults.append(row)
        else:
            _take(line, row, found)
        if len(found.faults) >= _MOST_FAULTS:
            del found.faults[_MOST_FAULTS:]
            break
    if not found.entries and not found.faults:
        found.faults.append(_fault(1, "fault.no_entry"))
    return found


def _take(line: int, row: object, found: Lines) -> None:
    try:
        found.entries.append(EntryIn.model_validate(row))
    except ValidationError as error:
        for fault in error.errors():
            where = str(fault["loc"][0]) if fault["loc"] else None
            # A name that somebody made up may hold anything.
            known = where if where in _COLUMNS else None
            found.faults.append(Fault(line, known, fault["msg"]))


def _json_rows(text: str) -> Iterator[tuple[int, object]]:
    for line, one in enumerate(text.split("\n"), 1):
        if not one.strip():
            continue
        try:
            row = json.loads(one)
        except (ValueError, RecursionError):
            row = _fault(line, "fault.no_json")
        yield line, row


def _csv_rows(text: str) -> Iterator[tuple[int, object]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    names: list[str] | None = None
    begins = 1
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                pass
            elif names is None:
                names = [cell.strip() for cell in cells]
                wrong = _head_fault(begins, names)
                if wrong is not None:
                    yield begins, wrong
                    return
            elif len(cells) != len(names):
                yield begins, _fault(begins, "fault.cells", cells=len(cells), columns=len(names))
            else:
                yield begins, _filled(dict(zip(names, cells, strict=True)))
            begins = reader.line_num + 1
    except csv.Error:
        yield begins, _fault(begins, "fault.no_csv")


def _head_fault(line: int, names: list[str]) -> Fault | None:
    if len(set(names)) != len(names):
        return _fault(line, "fault.column_twice")
    if not set(names) <= set(_COLUMNS):
        return _fault(line, "fault.column_unknown", columns=", ".join(_COLUMNS))
    missing = sorted(_NEEDED - set(names))
    return _fault(line, "fault.column_missing", columns=", ".join(missing)) if missing else None


def _filled(cells: dict[str, str]) -> dict[str, Any]:
    """The cells that hold something; tags stand in one, between spaces."""
    row: dict[str, Any] = {name: cell for name, cell in cells.items() if cell.strip()}
    if "tags" in row:
        row["tags"] = row["tags"].split()
    return row
