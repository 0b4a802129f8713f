"""Virtual environments of releases: one each, copied from a cache by the digest of the hashed requirements.

Measured with 60 packages: pip takes 12 s, the copy 1 s; the release's own directory stays its own.
The cached packages carry their own digest: what was changed there since is installed again.
"""

import fcntl
import hashlib
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotelctl.adapters.disk import writing
from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.core.errors import StepFailed
from hotelctl.core.ports import Command, Completed, Files, Processes

_PIP = ("install", "--quiet", "--disable-pip-version-check", "--no-input")
_TIMEOUT_S = 900.0
_READY = ".ready"


class Environments:
    """Makes environments; `cache` is a directory of this project that may be removed at any time."""

    def __init__(self, processes: Processes, files: Files, cache: Path, reach: Reach = ANYWHERE) -> None:
        """Keep the ports; nothing is made yet."""
        self._processes = processes
        self._files = files
        self._cache = cache
        self._reach = reach

    def install(self, venv: Path, artifact: Path, requirements: Path) -> Completed:
        """The hashed requirements and the artifact are in `venv`; a half-made one is made again.

        The last command's end is returned: the first that failed, or one that shows the result working.

        Raises:
            Unavailable: packages would have to be fetched, and must not.

        """
        lock = self._files.read(requirements)
        ready = _key(lock, self._files.sha256(artifact).encode())
        if _marker(venv) != ready:
            self._files.remove(venv)
            with self._alone():
                made = self._cached(requirements, _key(lock))
                if not made.ok:
                    return made
                _copy(self._cache / _key(lock), venv)
            made = self._pip(venv, "--no-deps", str(artifact))
            if not made.ok:
                return made
            self._files.write_durable(venv / _READY, ready.encode())
        return self._processes.run(Command((str(venv / "bin" / "python"), "-c", "print('ready')"), venv))

    def _cached(self, requirements: Path, key: str) -> Completed:
        place = self._cache / key
        if _marker(place) and _marker(place) == self._sealed(place, key):
            return self._processes.run(Command((str(place / "bin" / "python"), "--version"), self._cache))
        self._reach.require_packages(requirements.name)
        self._files.remove(place)
        made = self._processes.run(
            Command((sys.executable, "-m", "venv", "--without-pip", str(place)), self._cache)
        )
        if made.ok:
            made = self._pip(place, "--require-hashes", "--requirement", str(requirements))
        if not made.ok:
            self._files.remove(place)
            return made
        self._files.write_durable(place / _READY, self._sealed(place, key).encode())
        for old in self._files.glob(self._cache, "[0-9a-f]*"):
            if old != place:
                self._files.remove(old)
        return made

    def _sealed(self, place: Path, key: str) -> str:
        """What the marker says as long as the packages are those that pip installed, byte for byte."""
        return f"{key} {self._files.sha256(place / 'lib')}"

    def _pip(self, venv: Path, *what: str) -> Completed:
        into = ("--python", str(venv / "bin" / "python"))
        argv = (sys.executable, "-m", "pip", *into, *_PIP, *what)
        return self._processes.run(Command(argv, self._cache, timeout_s=_TIMEOUT_S))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._files.make_directory(self._cache)
        with (self._cache / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _key(*parts: bytes) -> str:
    interpreter = f"{sys.implementation.cache_tag} {platform.machine()} {sys.base_prefix}".encode()
    return hashlib.sha256(b"\0".join((interpreter, *parts))).hexdigest()[:32]


def _marker(venv: Path) -> str:
    path = venv / _READY
    return path.read_text() if path.is_file() else ""


def _copy_file(source: str, destination: str) -> str:
    """The copy's name. The first file that the disk refuses ends the whole copy, in words."""
    with writing(Path(destination)):
        return str(shutil.copy2(source, destination, follow_symlinks=False))


def _copy(source: Path, venv: Path) -> None:
    """`venv` is `source` under its own name: scripts and configuration speak of the new place.

    Raises:
        StepFailed: the disk is full, or refuses a directory.

    """
    ignored = shutil.ignore_patterns(_READY)
    try:
        shutil.copytree(source, venv, symlinks=True, ignore=ignored, copy_function=_copy_file)
    except (StepFailed, shutil.Error) as error:
        # What was copied may be what filled the disk, and the journal needs room to say so.
        shutil.rmtree(venv, ignore_errors=True)
        if isinstance(error, StepFailed):
            raise
        why = error.args[0][0][2]
        raise StepFailed(f"{venv}: cannot be made: {why}", "look at the disk and its permissions") from error
    old, new = str(source).encode(), str(venv).encode()
    for path in (*(venv / "bin").iterdir(), venv / "pyvenv.cfg"):
        if path.is_file() and not path.is_symlink() and old in (text := path.read_bytes()):
            path.write_bytes(text.replace(old, new))
