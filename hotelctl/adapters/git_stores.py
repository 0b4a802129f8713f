"""What a repository keeps objects in: packs and directories of loose ones, each named by what it holds."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

_LOOSE = re.compile(r"[0-9a-f]{2}")
_OBJECT = re.compile(r"[0-9a-f]{38}([0-9a-f]{24})?")
# The checksums of a pack and of its index, which lists what is in it, end the index.
_CHECKSUMS_BYTES = 40


@dataclass(frozen=True, slots=True)
class Store:
    """The `index` of a pack, or the ids of the `loose` objects of one directory."""

    index: Path | None
    loose: tuple[str, ...] = ()


def stores(objects: Path) -> Mapping[str, Store]:
    """Those of the directory of objects, and of others that it borrows from, by names of their own.

    A name says what a store holds: with one more object it is another. Empty where it cannot be told what
    is borrowed. Raises `OSError` when one goes away meanwhile.
    """
    found: dict[str, Store] = {}
    waiting, seen = [objects.resolve()], set[Path]()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        found.update(_packs(place))
        found.update(_loose(place))
        alternates = place / "info" / "alternates"
        lines = alternates.read_text().splitlines() if alternates.is_file() else ()
        if any(line.startswith('"') for line in lines):
            return {}
        waiting += [(place / line).resolve() for line in lines if line and not line.startswith("#")]
    return found


def _packs(place: Path) -> Iterator[tuple[str, Store]]:
    for index in sorted((place / "pack").glob("*.idx")):
        with index.open("rb") as file:
            file.seek(-_CHECKSUMS_BYTES, 2)
            yield f"pack-{file.read().hex()}", Store(index)


def _loose(place: Path) -> Iterator[tuple[str, Store]]:
    for directory in sorted(place.iterdir()) if place.is_dir() else ():
        if _LOOSE.fullmatch(directory.name):
            names = sorted(one.name for one in directory.iterdir() if _OBJECT.fullmatch(one.name))
            if names:
                digest = sha256("\n".join(names).encode()).hexdigest()
                yield (
                    f"loose-{directory.name}-{digest[:40]}",
                    Store(None, tuple(directory.name + name for name in names)),
                )
