"""What a program compiles of itself at each start, kept beside its environment so that later starts need not.

It is one file with a digest of all that follows its first line. A damaged one is as none; the program itself
is given copies, so that it changes none.
"""

import io
import shutil
import tarfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from hotelctl.core.errors import HotelctlError
from hotelctl.core.ports import Files

PARTS: Mapping[str, str] = MappingProxyType({"betterleaks": "com.github.wasilibs"})
"""By program the directory in its cache directory; it is compiled for this processor alone, and says so."""
# Another run of the program is writing it.
_UNFINISHED = ".tmp"


class Compiled:
    """Of the programs of one environment; `files` writes what is kept."""

    def __init__(self, files: Files) -> None:
        """Nothing is read yet."""
        self._files = files
        self._guard = threading.Lock()
        self._lent: dict[Path, frozenset[str]] = {}

    def lend(self, environment: Path, program: str, cache: Path) -> None:
        """It lies in `cache`, the cache directory of the program, where there is any."""
        if program in PARTS:
            with self._guard:
                part = cache / PARTS[program]
                if part not in self._lent:
                    self._lent[part] = _laid_out(_read(_place(environment, program)), part)

    def keep(self, environment: Path, program: str, cache: Path) -> None:
        """What the program made in `cache` that was not lent is lent to later ones, if the disk lets it."""
        if program not in PARTS:
            return
        part = cache / PARTS[program]
        with self._guard, suppress(HotelctlError, OSError):
            whole = (path for path in part.rglob("*") if path.is_file() and path.suffix != _UNFINISHED)
            found = {path.relative_to(part).as_posix(): path for path in whole}
            if found and found.keys() != self._lent.get(part, frozenset()):
                packed = _packed({name: path.read_bytes() for name, path in sorted(found.items())})
                self._files.write_durable(_place(environment, program), _sealed(packed), 0o600)
                self._lent[part] = frozenset(found)


def _place(environment: Path, program: str) -> Path:
    return environment / f".compiled-{program}"


def _read(place: Path) -> bytes:
    """What was packed; empty where there is none, or it is not what was written."""
    try:
        data = place.read_bytes()
    except OSError:
        return b""
    packed = data.partition(b"\n")[2]
    return packed if data == _sealed(packed) else b""


def _sealed(packed: bytes) -> bytes:
    return sha256(packed).hexdigest().encode() + b"\n" + packed


def _packed(files: Mapping[str, bytes]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, content in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(content)
            archive.addfile(about, io.BytesIO(content))
    return held.getvalue()


def _laid_out(packed: bytes, part: Path) -> frozenset[str]:
    """The names of the files that lie in `part` now: all, or none where the disk refuses."""
    if not packed:
        return frozenset()
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            for name in archive.getnames():
                content = archive.extractfile(name)
                if content is not None:
                    (part / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    (part / name).write_bytes(content.read())
            return frozenset(archive.getnames())
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        return frozenset()
