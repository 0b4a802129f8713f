"""hadolint: how it is called, and what its answer means; it is believed only where its words are whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.program_answer import ended, json_of

PROGRAM = "hadolint"
_UNREADABLE = "DL1000"
_ENDS = (0, 1)


@dataclass(frozen=True, slots=True)
class Remark:
    """One of its findings."""

    code: str
    level: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Linted:
    """Its remarks on one file: those that it shows, and those that only a comment in the file keeps back."""

    path: str
    shown: tuple[Remark, ...]
    hidden: tuple[Remark, ...]
    argv: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HadolintRuns:
    """One entry a Dockerfile that it judged; `doubts` says by path why it could not judge another."""

    linted: Mapping[str, Linted]
    doubts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def command(config: str | None, *, pragmas: bool) -> tuple[str, ...]:
    """The words of a run that reads the file from its stdin and answers in JSON."""
    named = ("--config", config) if config else ()
    heeded = () if pragmas else ("--disable-ignore-pragma",)
    return (PROGRAM, "--no-color", "--format", "json", *named, *heeded, "-")


def remarks(done: Completed) -> tuple[Remark, ...]:
    """What it found.

    With a config that it cannot read it says so on stderr and goes on without, and older ones end with 0
    and no output: so it judged only if stderr is empty and stdout is a list.

    Raises:
        Unavailable: it was killed, crashed, complained, or its answer is cut off or none.

    """
    code = ended(PROGRAM, done, _ENDS, quoted=False)
    if done.stderr.strip():
        raise Unavailable(f"hadolint complained: {done.stderr.strip().splitlines()[0][:160]}")
    found = _parsed(done.stdout)
    if code == 1 and not found:
        raise Unavailable("hadolint ended with 1 and named nothing")
    if broken := next((one for one in found if one.code == _UNREADABLE), None):
        raise Unavailable(f"hadolint cannot read line {broken.line}")
    return found


def _parsed(text: str) -> tuple[Remark, ...]:
    items = json_of(PROGRAM, text)
    try:
        return tuple(_remark(item) for item in items)
    except (ValueError, TypeError, KeyError) as error:
        raise Unavailable("hadolint's answer is not the JSON that it promises") from error


def _remark(item: Any) -> Remark:  # noqa: ANN401 - JSON is any shape
    return Remark(str(item["code"]), str(item["level"]), int(item["line"]), str(item["message"]))


def kept_back(shown: Sequence[Remark], every: Sequence[Remark]) -> tuple[Remark, ...]:
    """The remarks of `every` that are not among `shown`."""
    left = Counter((one.code, one.line) for one in shown)
    found = []
    for one in every:
        if left[one.code, one.line]:
            left[one.code, one.line] -= 1
        else:
            found.append(one)
    return tuple(found)
