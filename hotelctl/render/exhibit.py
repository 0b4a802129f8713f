"""Records of evidence for people: what was done in one line, the record's fields, and what was said."""

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hotelctl.core.chain import ChainBroken, decode
from hotelctl.render.words import clean, one_line

EVIDENCE = "evidence.jsonl"
_HEAD, _TAIL = 6_000, 12_000
_LONGEST = 160
_APART = ("id", "adapter", "operation", "output", "prev_sha256", "seq")
_SAYING = ("argv", "statement", "excerpt", "url", "inputs", "patterns", "name", "value", "target")


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One record; `said` is its output, without the middle where it is long; `file` is all of it."""

    id: str
    summary: str
    fields: tuple[tuple[str, str], ...]
    said: str
    file: str


def exhibits(files: Mapping[str, bytes], wanted: Iterable[str]) -> Mapping[str, Exhibit]:
    """The wanted records of a report whose files these are, in the order of the log.

    A record that is not there is left out: whether a report is whole is not asked here.
    """
    ids = set(wanted)
    return {str(r["id"]): _exhibit(r, files) for r in _records(files) if r.get("id") in ids}


def _records(files: Mapping[str, bytes]) -> Iterator[Mapping[str, Any]]:
    try:
        yield from decode(files.get(EVIDENCE, b"")).records
    except ChainBroken:
        return


def _exhibit(record: Mapping[str, Any], files: Mapping[str, bytes]) -> Exhibit:
    output = record.get("output") or {}
    file = str(output.get("path", ""))
    said = clean(files.get(file, b"").decode(errors="replace")).strip("\n")
    fields = tuple((key, _plain(value)) for key, value in record.items() if key not in _APART)
    return Exhibit(str(record["id"]), _summary(record), fields, _cut(said), file)


def _summary(record: Mapping[str, Any]) -> str:
    verb = " ".join(filter(None, (str(record.get("adapter", "")), str(record.get("operation", "")))))
    key = next((name for name in _SAYING if record.get(name) not in (None, "", [])), None)
    words = one_line(_object(key, record[key])) if key else ""
    shown = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
    end = "" if record.get("exit_code") is None else f" (exit code {record['exit_code']})"
    return f"{verb}: {shown}{end}" if shown else f"{verb}{end}"


def _object(key: str, value: Any) -> str:  # noqa: ANN401 - JSON of any shape
    if key == "argv":
        return shlex.join(map(str, value))
    if key == "inputs":
        return ", ".join(str(one.get("path")) for one in value)
    return _plain(value)


def _plain(value: Any) -> str:  # noqa: ANN401 - JSON of any shape
    return clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _cut(text: str) -> str:
    if len(text) <= _HEAD + _TAIL:
        return text
    left = len(text) - _HEAD - _TAIL
    return f"{text[:_HEAD]}\n[… {left} characters are left out here …]\n{text[-_TAIL:]}"
