"""What every kept answer depends on besides its question: who asks, and who is asked."""

import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

import hotelctl
from hotelctl.adapters.sealed import key
from hotelctl.adapters.tool import BESIDE, find
from hotelctl.adapters.tools import home, pins_of
from hotelctl.adapters.touched import stamp
from hotelctl.core.errors import Unavailable
from hotelctl.core.kept import ITSELF

_READERS = ("adapters", "facts", "probes")
_READING = threading.Lock()


def ground(*, dirty: bool) -> Mapping[str, str]:
    """The code that reads answers, the machine, and whether the tree differs from its commit."""
    return {
        "code": _code(Path(hotelctl.__path__[0])),
        "python": sys.version,
        "machine": repr(_machine()),
        "dirty": str(dirty),
    }


def _machine() -> tuple[str, ...]:
    """Its system, not its name; `platform` would start a program to tell the processor."""
    one = os.uname()
    return one.sysname, one.release, one.version, one.machine


def identity(program: str, environ: Mapping[str, str]) -> str:
    """Of one beside the interpreter its file, else the digest of the pins that all tools are installed from.

    Empty for one that is not there: what it said once is not what it says.
    """
    if program == ITSELF:
        # Several threads ask at once, and a thousand files are read but once.
        with _READING:
            return _itself()
    if program not in BESIDE:
        pins = key(pins_of(program).read_bytes())
        try:
            return pins if (home(environ) / pins / "bin" / program).is_file() else ""
        except Unavailable:
            return ""
    found = find(program, environ, None)
    return "" if found is None else _file(found.resolve())


@cache
def _itself() -> str:
    """Of all code of hotelctl, and of the names and versions of what is installed beside it."""
    beside = sorted(path.name for place in sys.path for path in Path(place).glob("*.dist-info"))
    return sha256(
        "\n".join((sys.prefix, _code(Path(hotelctl.__path__[0]), ("",)), *beside)).encode()
    ).hexdigest()


def _file(path: Path) -> str:
    """What the kernel keeps of it, since hadolint has 56 MB; its digest where it was changed just now."""
    return stamp(path.parent, (path.name,)) or _digest(path)


@cache
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _code(package: Path, parts_of_it: Iterable[str] = _READERS) -> str:
    total = sha256()
    for path in sorted(path for name in parts_of_it for path in _modules(str(package / name))):
        with open(path, "rb", buffering=0) as module:  # noqa: PTH123 - see below
            total.update(f"{path.removeprefix(str(package))} {sha256(module.read()).hexdigest()}\n".encode())
    return total.hexdigest()


# Of a thousand files path objects take longer than to read them.
def _modules(place: str) -> Iterator[str]:
    with os.scandir(place) as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                yield from _modules(entry.path)
            elif entry.name.endswith(".py"):
                yield entry.path
