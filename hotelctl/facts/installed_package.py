"""What a release's own environment holds of its artifact, held against the list inside the artifact.

The list that pip leaves beside the installed files is not asked: whoever edits a file can edit that, too.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Files
from hotelctl.core.some_of import some_of
from hotelctl.facts.wheel_record import Line, read_record

_CACHE = "__pycache__"
_PLACES = ("purelib", "platlib")


@dataclass(frozen=True, slots=True)
class WheelList:
    """`digests` are the sha256 of what RECORD lists in site-packages; `members` is all that goes there."""

    digests: Mapping[str, str]
    members: frozenset[str]

    @property
    def tops(self) -> tuple[str, ...]:
        """The names in site-packages that hold all of it."""
        return tuple(sorted({PurePosixPath(name).parts[0] for name in self.digests}))


@dataclass(frozen=True, slots=True)
class InstalledPackage:
    """How the installed files differ from the artifact's; names are relative to `place`.

    `place` is site-packages, or the environment itself when `gone`. `listed` counts the files that
    were held against the artifact; it is None where the artifact is no wheel and so lists nothing.
    """

    place: str
    listed: int | None
    gone: bool = False
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()

    def damage(self) -> Iterator[tuple[str, str]]:
        """The first path and the words of each kind of difference."""
        if self.gone:
            yield self.place, "its virtual environment is gone"
        for names, what in (
            (self.changed, "not what was built"),
            (self.missing, "gone"),
            (self.foreign, "foreign: not in the artifact"),
        ):
            if names:
                yield (
                    f"{self.place}/{names[0]}",
                    f"{some_of(names)} {'is' if len(names) == 1 else 'are'} {what}",
                )


def installed_package(files: Files, artifact: Path, venv: Path) -> InstalledPackage:
    """The package in `venv` held against `artifact`, which the caller knows to be as it was built.

    Not judged are what cannot be known from a wheel: the scripts that the installer writes, byte
    code caches, the installer's own notes, the dependencies.

    Raises:
        Unavailable: the wheel's list cannot be read.

    """
    place = next(iter(files.glob(venv, "lib/*/site-packages")), None)
    if place is None or not files.exists(venv / "bin" / "python"):
        return InstalledPackage(str(venv), None, gone=True)
    if artifact.suffix != ".whl":
        return InstalledPackage(str(place), None)
    listed = wheel_list(files.read(artifact))
    return _compared(str(place), listed, files.digests(place, listed.tops))


def _compared(place: str, listed: WheelList, found: Mapping[str, str]) -> InstalledPackage:
    own = _packages(listed.digests)
    foreign = (name for name in found.keys() - listed.members if _is_inside(PurePosixPath(name), own))
    return InstalledPackage(
        place,
        len(listed.digests),
        changed=tuple(sorted(n for n, sha in listed.digests.items() if found.get(n, sha) != sha)),
        missing=tuple(sorted(listed.digests.keys() - found.keys())),
        foreign=tuple(sorted(foreign)),
    )


def _packages(names: Iterable[str]) -> frozenset[PurePosixPath]:
    """The directories that are regular packages; other distributions may share a namespace, never these."""
    paths = (PurePosixPath(name) for name in names)
    return frozenset(path.parent for path in paths if path.name == "__init__.py")


def _is_inside(path: PurePosixPath, own: frozenset[PurePosixPath]) -> bool:
    return _CACHE not in path.parts and any(parent in own for parent in path.parents)


def wheel_list(data: bytes) -> WheelList:
    """What the wheel's own RECORD lists of site-packages. Raises `Unavailable` when it cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            record, lines = read_record(archive)
            digests = {
                place: _sha256(archive, line)
                for line in lines
                if line.name != record and (place := _installed_as(line.name))
            }
            members = frozenset(filter(None, map(_installed_as, archive.namelist())))
    except (zipfile.BadZipFile, ValueError, KeyError) as error:
        raise Unavailable(f"the list of files in the artifact cannot be read: {error}") from error
    return WheelList(digests, members)


def _installed_as(name: str) -> str | None:
    """Where the wheel's member lands in site-packages; None when elsewhere."""
    top, _, rest = name.partition("/")
    if not top.endswith(".data"):
        return name
    kind, _, inner = rest.partition("/")
    return inner if kind in _PLACES else None


def _sha256(archive: zipfile.ZipFile, line: Line) -> str:
    """What RECORD says; where it says none, or another kind of hash, that of the member itself."""
    return line.digest if line.kind == "sha256" else hashlib.sha256(archive.read(line.name)).hexdigest()
