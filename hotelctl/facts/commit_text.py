"""A commit or an annotated tag as git keeps it: who wrote it, when, and the message."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_WRITTEN = re.compile(rb"^(?:author|tagger) (.*?) ?<[^\n]*?> (-?[0-9]+) [+-][0-9]{4}$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class CommitText:
    """`at` is the last moment there is where no calendar has it, or none is told."""

    author: str
    at: datetime
    message: bytes


def commit_text(raw: bytes) -> CommitText:
    """What stands before the first empty line, and after it."""
    head, _, message = raw.partition(b"\n\n")
    written = _WRITTEN.search(head)
    if written is None:
        return CommitText("", datetime.max.replace(tzinfo=UTC), message)
    return CommitText(written[1].decode(errors="replace"), _when(int(written[2])), message)


def _when(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return datetime.max.replace(tzinfo=UTC)
