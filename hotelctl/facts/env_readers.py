"""Where the programs that read one env file come to different values, key by key."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from hotelctl.facts.env_reading import Reading, Taken, read_docker, read_dotenv
from hotelctl.facts.env_sh import read_sh

READERS: Mapping[str, Callable[[str, Mapping[str, str]], Reading]] = MappingProxyType(
    {"python-dotenv": read_dotenv, "docker-env-file": read_docker, "posix-sh": read_sh}
)
_CAUSES = (
    (re.compile(r"^\ufeff"), "the byte order mark"),
    (re.compile(r"\r"), "the CR at its end"),
    (re.compile(r"^\s*export\s"), "the word export"),
    (re.compile(r"^[^=]*\s=|^[^=]*=\s"), "the space at its equals sign"),
    (re.compile(r"=.*['\"]"), "its quotes"),
    (re.compile(r"\s#"), "what looks like a comment"),
    (re.compile(r"[$`]"), "the dollar sign or backquote"),
    (re.compile(r"=.*\\"), "the backslash"),
    (re.compile(r"=.*[&|;<>()~]"), "a sign that a shell obeys"),
    (re.compile(r"=.*\s"), "a space in the value"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One key, the line it stands on, what each reader has in words without values, and the likely causes.

    `key` is empty where a reader gives up the whole file.
    """

    key: str
    line: int
    readers: Mapping[str, str]
    causes: tuple[str, ...]


def differences(text: str, consumers: Sequence[str], process: Mapping[str, str]) -> Iterator[Difference]:
    """Refusals of the whole file, then keys for which two readers of it differ, in order of lines."""
    readings = {name: READERS[name](text, process) for name in consumers}
    whole = {name: reading for name, reading in readings.items() if reading.refused is None}
    lines = text.split("\n")
    for name, reading in readings.items():
        if reading.refused is not None and whole:
            line, why = reading.refused.line, reading.refused.why
            yield Difference("", line, {name: f"gives the file up: line {line} {why}"}, _causes(lines, line))
    keys = {key: taken.line for reading in whole.values() for key, taken in reading.taken.items()}
    for key in sorted(keys, key=lambda name: keys[name]):
        had = {name: reading.taken.get(key) for name, reading in whole.items()}
        if len({_identity(taken, name) for name, taken in had.items()}) > 1:
            first = min(taken.line for taken in had.values() if taken is not None)
            words = {name: _words(taken) for name, taken in had.items()}
            yield Difference(key, first, words, _causes(lines, first))


def _identity(taken: Taken | None, reader: str) -> tuple[str, str]:
    """What is compared; two readers that have no value may have none for different reasons."""
    if taken is None:
        return ("absent", "")
    return ("open", reader) if taken.value is None else ("value", taken.value.reveal())


def _words(taken: Taken | None) -> str:
    if taken is None:
        return "nothing"
    return taken.why if taken.value is None else f"{len(taken.value)} characters"


def _causes(lines: Sequence[str], line: int) -> tuple[str, ...]:
    text = lines[line - 1]
    found = tuple(words for shape, words in _CAUSES if shape.search(text))
    return found or ("its line ends",)
