"""RECORD, the list that a wheel carries of its own files, and where the archive is not as it says.

Source: the packaging specifications, "Binary distribution format" and "Recording installed projects".
"""

import base64
import binascii
import csv
import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

# A signature of RECORD cannot stand in it.
_SIGNATURES = (".jws", ".p7s")
_STRONG = ("sha256", "sha384", "sha512")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the hash's kind and its digest in hex, both empty where it has none; the size as written."""

    name: str
    kind: str
    digest: str
    size: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One file of the archive or of its list, and in which way the two differ."""

    name: str
    what: str


def read_record(archive: zipfile.ZipFile) -> tuple[str, tuple[Line, ...]]:
    """The name of the list in the archive, and its lines. Raises `ValueError`: none, several, or no list."""
    found = [name for name in archive.namelist() if PurePosixPath(name).match("*.dist-info/RECORD")]
    if len(found) != 1:
        raise ValueError("it holds no RECORD" if not found else f"it holds {len(found)} RECORDs")
    rows = csv.reader(archive.read(found[0]).decode().splitlines())
    return found[0], tuple(_line(row) for row in rows if row)


def _line(row: Sequence[str]) -> Line:
    name, said, size = (*row, "", "")[:3]
    kind, _, value = said.partition("=")
    try:
        digest = base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).hex()
    except binascii.Error as error:
        raise ValueError(f"the hash of {name} in RECORD is none") from error
    return Line(name, kind, digest, size)


def faults(archive: zipfile.ZipFile, contents: Mapping[str, bytes]) -> Iterator[Fault]:
    """Every way in which the archive differs from its list; nothing for a wheel that is as it says.

    `contents` are the bytes of its members.
    """
    held = Counter(name for name in archive.namelist() if not name.endswith("/"))
    yield from _several(held, "the archive")
    yield from (Fault(name, "leads out of where wheels are unpacked") for name in held if _leads_out(name))
    try:
        record, lines = read_record(archive)
    except ValueError as error:
        yield Fault("RECORD", str(error))
        return
    own = {record, *(record + end for end in _SIGNATURES)}
    listed = Counter(line.name for line in lines)
    yield from _several(listed, "RECORD")
    for name in sorted(held.keys() - listed.keys() - own):
        yield Fault(name, "is not in RECORD, and is installed all the same")
    for name in sorted(listed.keys() - held.keys() - own):
        yield Fault(name, "is in RECORD, and not in the archive")
    for line in lines:
        if line.name in held and line.name not in own and (what := _difference(contents[line.name], line)):
            yield Fault(line.name, what)


def _several(names: Counter[str], where: str) -> Iterator[Fault]:
    yield from (Fault(name, f"is {count} times in {where}") for name, count in names.items() if count > 1)


def _leads_out(name: str) -> bool:
    path = PureWindowsPath(name)  # it knows the separators and roots of both worlds
    return bool(path.anchor) or ".." in path.parts or "\\" in name


def _difference(data: bytes, line: Line) -> str | None:
    if not line.kind:
        return "has no hash in RECORD"
    if line.kind not in _STRONG:
        return f"has a hash of kind {line.kind} in RECORD, which proves nothing"
    if hashlib.new(line.kind, data).hexdigest() != line.digest:
        return "is not what its hash in RECORD promises"
    if line.size and line.size != str(len(data)):
        return f"has {len(data)} bytes, and {line.size} in RECORD"
    return None
