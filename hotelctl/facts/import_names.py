"""Under which names the packages of an environment are imported, by the lists of their files."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

_ENDS = (".py", ".so", ".pyd")


def import_names(records: Mapping[str, bytes | str]) -> dict[str, tuple[str, ...]]:
    """By package, as `NAME-VERSION.dist-info/RECORD` names it; those without modules are left out."""
    found = {}
    for path, data in records.items():
        if isinstance(data, bytes):
            names = tuple(sorted(set(_tops(row[0] for row in csv.reader(data.decode().splitlines()) if row))))
            if names:
                found[path.partition("-")[0].replace("_", "-").lower()] = names
    return found


def _tops(paths: Iterable[str]) -> Iterator[str]:
    for path in map(PurePosixPath, paths):
        top = path.parts[0].partition(".")[0]
        if path.suffix in _ENDS and top.isidentifier():
            yield top
