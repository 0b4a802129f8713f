"""Hash-chained JSON lines: the bytes of journals and evidence files.

Every line is one JSON object that names the SHA-256 of the line before it. A last line that a
crash tore is not damage; any other broken link is.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


class ChainBroken(Exception):
    """A line is damaged, missing or out of order. `line` counts from 1."""

    def __init__(self, line: int, why: str) -> None:
        """Keep the place and the reason."""
        super().__init__(f"line {line}: {why}")
        self.line = line
        self.why = why


@dataclass(frozen=True, slots=True)
class Chain:
    """The intact records, the digest to continue from, and how many bytes are good."""

    records: tuple[dict[str, Any], ...]
    head: str
    good_bytes: int
    torn: bool


def encode(record: Mapping[str, Any], seq: int, head: str) -> bytes:
    """One line, newline included, that continues a chain at `head` with number `seq` (from 1)."""
    body = {**record, "seq": seq, "prev_sha256": head}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    # Names of files may hold bytes that are no text.
    return text.encode("utf-8", "surrogatepass") + b"\n"


def digest(line: bytes) -> str:
    """The link that the next line must name: SHA-256 of the line without its newline."""
    return hashlib.sha256(line.rstrip(b"\n")).hexdigest()


def _parse(line: bytes, number: int, head: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise ChainBroken(number, "is not JSON") from error
    if not isinstance(record, dict):
        raise ChainBroken(number, "is not a JSON object")
    if record.get("seq") != number:
        raise ChainBroken(number, f"has number {record.get('seq')}")
    if record.get("prev_sha256") != head:
        raise ChainBroken(number, "does not follow the line before it")
    return record


def decode(data: bytes) -> Chain:
    """All records of a file; a last line without its newline is cut off and flagged.

    Raises:
        ChainBroken: any other damage, with the line's number.

    """
    *whole, tail = data.split(b"\n")
    records: list[dict[str, Any]] = []
    head = GENESIS
    for number, line in enumerate(whole, start=1):
        records.append(_parse(line, number, head))
        head = digest(line)
    return Chain(tuple(records), head, len(data) - len(tail), bool(tail))
