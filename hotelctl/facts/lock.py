"""The hashed requirements of a release: which versions of which package they name, and for whom."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import InvalidVersion, Version

from hotelctl.core.errors import Unavailable

_HASH = re.compile(r"\s--hash[= ]\S+")
_INCLUDED = ("-r", "--requirement", "-e", "--editable")
_COMMENT = re.compile(r"(^|\s)#.*$")


@dataclass(frozen=True, slots=True)
class Pin:
    """One line: exactly this version, where its marker, if it has one, holds; `line` counts from 1.

    `version` is None for a file from an address: only the file itself says it.
    """

    name: str
    version: Version | None
    marker: Marker | None
    line: int


@dataclass(frozen=True, slots=True)
class Lock:
    """`path` is relative to the project; a package may have several pins, told apart by their markers."""

    path: str
    pins: Mapping[NormalizedName, tuple[Pin, ...]]

    def here(self) -> Mapping[NormalizedName, Version | None]:
        """What is installed on this machine: the pins whose markers hold."""
        found = ((name, pin) for name, pins in self.pins.items() for pin in pins)
        return {name: pin.version for name, pin in found if pin.marker is None or pin.marker.evaluate()}


def read_lock(path: str, data: bytes) -> Lock:
    """The pins of one requirements file; none for a service that needs no package.

    Raises:
        Unavailable: it is not UTF-8, a line is no requirement, or one has no exact version; names the line.

    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unavailable(f"{path}: is not UTF-8") from error
    found: dict[NormalizedName, tuple[Pin, ...]] = {}
    for number, line in _entries(text.splitlines()):
        pin = _pin(path, number, line)
        name = canonicalize_name(pin.name)
        found[name] = (*found.get(name, ()), pin)
    return Lock(path, found)


def _entries(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Every requirement with the number of its first line; continuations joined, hashes and comments off."""
    whole, began = "", 0
    for number, line in enumerate(lines, start=1):
        began = began if whole else number
        whole += _COMMENT.sub("", line.rstrip())
        if whole.endswith("\\"):
            whole = whole[:-1] + " "
            continue
        entry = _HASH.sub("", whole).strip()
        if entry and (not entry.startswith("-") or entry.startswith(_INCLUDED)):
            yield began, entry
        whole = ""


def _pin(path: str, number: int, entry: str) -> Pin:
    try:
        asked = Requirement(entry)
        if asked.url is not None:
            return Pin(asked.name, None, asked.marker, number)
        return Pin(asked.name, _only(asked), asked.marker, number)
    except (InvalidRequirement, InvalidVersion, ValueError) as error:
        shown = entry.partition("://")[0][:80]
        raise Unavailable(f"{path}:{number}: {shown!r} names no single version of a package") from error


def _only(asked: Requirement) -> Version:
    """The one version that is allowed. Raises `ValueError`: there are several."""
    (only,) = asked.specifier
    if only.operator not in ("==", "===") or "*" in only.version:
        raise ValueError(str(asked))
    return Version(only.version)
