"""How an instruction is shown as evidence: its place and its words, secrets as their lengths."""

import hashlib
from collections.abc import Iterable

from hotelctl.core.finding import FileExcerpt, Location
from hotelctl.core.redact import Redacted, assignment, by_shape
from hotelctl.facts.docker_secrets import hide
from hotelctl.facts.dockerfile import Dockerfile, Instruction
from hotelctl.facts.secret import Secret

_WIDEST = 200
_LEAST = 6


def of_instruction(file: Dockerfile, one: Instruction, text: str | None = None) -> FileExcerpt:
    """The instruction, or the part of it in `text`, cut to one line that can be read."""
    whole = safe(file, " ".join((one.text if text is None else text).split()))
    short = whole if len(whole) <= _WIDEST else safe(file, f"{whole[:_WIDEST]} ...")
    return FileExcerpt(file.path, one.line, short)


def safe(file: Dockerfile, text: str, *, prose: bool = False) -> Redacted:
    """`text` without the secrets that this file gives to names, and without what looks like one."""
    return by_shape(hide(_without(file.secrets, text), prose=prose))


def _without(secrets: Iterable[Secret], text: str) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _LEAST:
            text = text.replace(secret.reveal(), f"[redacted {len(secret)} chars]")
    return text


def told_apart(file: Dockerfile, one: Instruction, known: Iterable[Secret] = ()) -> str:
    """8 hex digits of what the instruction says, the same wherever it stands and whatever its secrets are.

    `known` are secrets that the file itself gives to no name.
    """
    whole = _without(known, "\n".join((one.text, *one.heredocs)))
    words = " ".join(safe(file, whole).split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def of_value(file: Dockerfile, one: Instruction, name: str, value: str) -> FileExcerpt:
    """What is given to `name`, as its length."""
    return FileExcerpt(file.path, one.line, assignment(f"{one.name} {name}", value, secret=True))


def place(file: Dockerfile, one: Instruction) -> Location:
    """Where the instruction begins."""
    return Location(file.path, one.line)
