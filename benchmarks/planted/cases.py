"""The labelled set: what is planted where, what only looks like it, and which half a case belongs to."""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.planted.values import ALPHABETS, Maker

TUNED, MEASURED = "tuned", "measured"
HALVES = (MEASURED, TUNED)

PLACES: Mapping[str, str] = {
    "tree": "a tracked file",
    "untracked": "a new file that git does not ignore",
    "context": "an ignored file that a build sends to the engine",
    "utf16": "a tracked file in UTF-16",
    "changed": "the history of a file that is still there",
    "deleted": "the history, in a deleted file",
    "merge": "the history, brought by a merge itself",
    "branch": "another branch only",
    "message": "a commit message",
    "tag": "a tag's message",
    "archive": "an archive in the tree",
    "old archive": "an archive in the history",
    "layer": "a layer of a saved image in the tree",
}
# How often each is drawn: as often as people are likely to leave something there.
_DRAWN = {"tree": 6, "changed": 2, "deleted": 2}
_CYCLE = tuple(place for place in PLACES for _ in range(_DRAWN.get(place, 1)))
_DATA = Path(__file__).parent
PLANTED: Mapping[str, str] = {
    "providers": "credentials of providers",
    "configs": "passwords and keys in configuration and code",
    "files": "private keys and files of common programs",
}
DECOYS, KNOWN = "decoys", "known values"
_LATER = "looked_at"


@dataclass(frozen=True, slots=True)
class Case:
    """One file or message; `value` is the planted secret, empty for a decoy.

    `group` is the table that it comes from. `inner` is what its file is called, which in an archive is not
    `path`; `lines` are the first and the last on which the secret stands, counted from 1. What was
    `looked_at` from the start is never set aside.
    """

    name: str
    kind: str
    group: str
    place: str
    path: str
    inner: str
    text: str
    value: str = ""
    lines: tuple[int, int] = (1, 1)
    looked_at: bool = False

    @property
    def planted(self) -> bool:
        """Whether a secret is in it."""
        return bool(self.value)

    @property
    def half(self) -> str:
        """Drawn by the name alone, but for what was looked at from the start."""
        return TUNED if self.looked_at else HALVES[digest("half", self.name)[0] % 2]


def digest(about: str, name: str) -> bytes:
    """What draws by a case's name; each thing that is drawn by another word."""
    return hashlib.sha256(f"{about}: {name}".encode()).digest()


@cache
def cases() -> tuple[Case, ...]:
    """All of the set, in the order of the tables."""
    later = (*_planted(_later_kinds()), *_decoys(_tables(_LATER, "family")))
    return (*_planted(_kinds()), *_decoys(_tables(DECOYS, "family")), *(_seen(case) for case in later))


def of_half(half: str, among: Iterable[Case]) -> tuple[Case, ...]:
    """Those of one half."""
    return tuple(case for case in among if case.half == half)


def _tables(file: str, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((_DATA / f"{file}.toml").read_text(encoding="utf-8"))[key]
    return found


def _kinds() -> Iterator[dict[str, Any]]:
    for group in PLANTED:
        yield from ({**kind, "group": group} for kind in _tables(group, "kind"))


def _later_kinds() -> Iterator[dict[str, Any]]:
    for table in _tables(_LATER, "secrets"):
        for name, path, text in table["files"]:
            yield {**table, "name": name, "files": {path: text}}


def _seen(case: Case) -> Case:
    return replace(case, looked_at=True)


def _planted(kinds: Iterable[Mapping[str, Any]]) -> Iterator[Case]:
    for kind in kinds:
        files = list(kind["files"].items())
        shapes = (kind["value"], kind.get("other", kind["value"]))
        for number in range(kind["times"]):
            name = f"{kind['name']} {number + 1}"
            path, text = files[number % len(files)]
            shape = shapes[number // 2 % 2]
            value = Maker(f"{name} value")(shape, {})
            case = _made(name, (kind["name"], kind["group"]), path, text, {"value": value})
            whole = kind.get("lines") == "all"
            lines = (1, case.text.count("\n")) if whole else _lines(text)
            yield replace(case, value=value, lines=lines)


def _lines(text: str) -> tuple[int, int]:
    """Of a value of one line, which all are that are not the whole of their files."""
    line = text[: text.index("<<value")].count("\n") + 1
    return line, line


def _decoys(families: Iterable[Mapping[str, Any]]) -> Iterator[Case]:
    for family in families:
        for path, text in family["files"]:
            for number in range(family["times"]):
                name = f"{family['name']} {path} {number + 1}"
                yield _made(name, (family["name"], DECOYS), path, text, {})


def _made(name: str, kind: tuple[str, str], path: str, text: str, known: Mapping[str, str]) -> Case:
    place = _CYCLE[int.from_bytes(digest("place", name)[:4], "big") % len(_CYCLE)]
    directory = f"part-{Maker(f'{name} path').letters(ALPHABETS['lower'], 6)}"
    return Case(name, *kind, place, placed(place, f"{directory}/{path}"), path, Maker(name)(text, known))


def placed(place: str, path: str) -> str:
    """Where the case lies in its repository: what goes into an archive is named by that."""
    directory = path.partition("/")[0]
    if place in ("archive", "old archive"):
        return f"{directory}/{ARCHIVES[digest('archive', path)[0] % len(ARCHIVES)]}"
    if place == "layer":
        return f"{directory}/image.tar"
    return f"private/{path}" if place == "context" else path


ARCHIVES: Sequence[str] = ("backup.zip", "site.tar.gz", "app.jar", "dump.sql.gz", "nested.zip")
"""Names of archives; how each is packed follows from its ending."""
