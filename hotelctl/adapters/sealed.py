"""Environments that hold hashed requirements and nothing else, kept as long as they are what pip installed.

Each carries a digest of its own packages: one that was changed since is made again. What the kernel says of
every file is kept beside it, so that they are read again only when one of them was touched.
"""

import fcntl
import hashlib
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.adapters.touched import stamp
from hotelctl.core.errors import HotelctlError
from hotelctl.core.ports import Command, Completed, Files, Processes

READY = ".ready"
UNTOUCHED = ".untouched"
_SEALED = ("lib", "bin")
_PIP = ("install", "--quiet", "--disable-pip-version-check", "--no-input")
_TIMEOUT_S = 900.0


class Sealed:
    """One environment a set of requirements, below `cache`, a directory that may be removed at any time.

    Only the newest one stays, unless others may still work with an older one: `keep`.
    """

    def __init__(
        self, processes: Processes, files: Files, cache: Path, reach: Reach = ANYWHERE, *, keep: bool = False
    ) -> None:
        """Keep the ports; nothing is made yet."""
        self._processes = processes
        self._files = files
        self._cache = cache
        self._reach = reach
        self._keep = keep

    def place(self, requirements: bytes) -> Path:
        """Where the environment of these requirements is or would be."""
        return self._cache / key(requirements)

    def is_whole(self, requirements: bytes) -> bool:
        """Whether it is there, and its packages and programs are those that pip installed."""
        place = self.place(requirements)
        if not marker(place) or not all((place / name).is_dir() for name in _SEALED):
            return False
        # Before they are read: what is changed meanwhile has another stamp afterwards.
        now = f"{marker(place)} {stamp(place, _SEALED)}"
        if self._stamped(place) == now:
            return True
        whole = marker(place) == self._seal(place, key(requirements))
        if whole and not now.endswith(" "):
            with suppress(HotelctlError, OSError):
                self._files.write_durable(place / UNTOUCHED, now.encode())
        return whole

    def made(self, requirements: Path, *flags: str) -> Completed:
        """The environment of this file is whole; given back is the last command's end, the first that failed.

        Raises:
            Unavailable: packages would have to be fetched, and must not.

        """
        lock = self._files.read(requirements)
        place = self.place(lock)
        if self.is_whole(lock):
            return self._processes.run(Command((str(place / "bin" / "python"), "--version"), self._cache))
        self._reach.require_packages(requirements.name)
        self._files.remove(place)
        made = self._processes.run(
            Command((sys.executable, "-m", "venv", "--without-pip", str(place)), self._cache, beside=True)
        )
        if made.ok:
            made = self.pip(place, "--require-hashes", *flags, "--requirement", str(requirements))
        if not made.ok:
            self._files.remove(place)
            return made
        self._files.write_durable(place / READY, self._seal(place, key(lock)).encode())
        if not self._keep:
            self._forget_all_but(place)
        return made

    def pip(self, venv: Path, *what: str) -> Completed:
        """What is named is installed into `venv` by pip."""
        argv = (*_pip_into(str(venv / "bin" / "python")), *_PIP, *what)
        return self._processes.run(Command(argv, self._cache, timeout_s=_TIMEOUT_S, beside=True))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Inside the block nobody else makes an environment here."""
        self._files.make_directory(self._cache)
        with (self._cache / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _stamped(self, place: Path) -> str:
        """Marker and stamp of when the files were last read and found whole; empty for never."""
        path = place / UNTOUCHED
        return self._files.read(path).decode(errors="replace") if path.is_file() else ""

    def _seal(self, place: Path, name: str) -> str:
        """What the marker says as long as nothing was changed."""
        return " ".join((name, *(self._files.sha256(place / below) for below in _SEALED)))

    def _forget_all_but(self, place: Path) -> None:
        for old in self._files.glob(self._cache, "[0-9a-f]*"):
            if old != place:
                self._files.remove(old)


def _pip_into(python: str) -> tuple[str, ...]:
    """How pip of this environment is run for another interpreter.

    Its `--python` starts the same runner, but only after it has loaded itself once: half a second.
    """
    found = find_spec("pip")
    runner = Path(found.origin).with_name("__pip-runner__.py") if found and found.origin else None
    if runner is None or not runner.is_file():
        return (sys.executable, "-m", "pip", "--python", python)
    return (python, str(runner))


def key(*parts: bytes) -> str:
    """The name of what these bytes make with this interpreter on this kind of machine."""
    interpreter = f"{sys.implementation.cache_tag} {platform.machine()} {sys.base_prefix}".encode()
    return hashlib.sha256(b"\0".join((interpreter, *parts))).hexdigest()[:32]


def marker(venv: Path) -> str:
    """What was written last when it was made; empty for a half-made one."""
    path = venv / READY
    return path.read_text() if path.is_file() else ""
