"""What every kept answer depends on besides its question: who asks, and who is asked."""

import platform
import sys
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path

import hotelctl
from hotelctl.adapters.sealed import key
from hotelctl.adapters.tool import BESIDE, find
from hotelctl.adapters.tools import PINS, home
from hotelctl.core.errors import Unavailable
from hotelctl.core.kept import ITSELF

_READERS = ("facts", "probes")


def ground(*, dirty: bool) -> Mapping[str, str]:
    """The code that reads answers, the machine, and whether the tree differs from its commit."""
    return {
        "code": _code(Path(hotelctl.__path__[0])),
        "python": sys.version,
        "machine": platform.platform(),
        "dirty": str(dirty),
    }


def identity(program: str, environ: Mapping[str, str]) -> str:
    """Of one beside the interpreter its digest, else that of the pins that all tools are installed from.

    Empty for one that is not there: what it said once is not what it says.
    """
    if program == ITSELF:
        return _itself()
    if program not in BESIDE:
        pins = key(PINS.read_bytes())
        try:
            return pins if (home(environ) / pins / "bin" / program).is_file() else ""
        except Unavailable:
            return ""
    found = find(program, environ, None)
    return "" if found is None else _digest(found)


@cache
def _itself() -> str:
    """Of all code of hotelctl, and of the names and versions of what is installed beside it."""
    beside = sorted(path.name for place in sys.path for path in Path(place).glob("*.dist-info"))
    return sha256(
        "\n".join((sys.prefix, _code(Path(hotelctl.__path__[0]), ("",)), *beside)).encode()
    ).hexdigest()


@cache
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _code(package: Path, parts_of_it: Iterable[str] = _READERS) -> str:
    every = (path for name in parts_of_it for path in sorted((package / name).rglob("*.py")))
    parts = (f"{path.relative_to(package)} {sha256(path.read_bytes()).hexdigest()}" for path in every)
    return sha256("\n".join(parts).encode()).hexdigest()
