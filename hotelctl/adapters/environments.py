"""Virtual environments of releases: one each, copied from a cache by the digest of the hashed requirements.

Measured with 60 packages: pip takes 12 s, the copy 1 s; the release's own directory stays its own.
The cached packages carry their own digest: what was changed there since is installed again.
"""

import shutil
from pathlib import Path

from hotelctl.adapters.disk import writing
from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.adapters.sealed import READY, UNTOUCHED, Sealed, key, marker
from hotelctl.core.errors import StepFailed
from hotelctl.core.ports import Command, Completed, Files, Processes

_FURNISHED = ".furnished"


class Environments:
    """Makes environments; `cache` is a directory of this project that may be removed at any time."""

    def __init__(self, processes: Processes, files: Files, cache: Path, reach: Reach = ANYWHERE) -> None:
        """Keep the ports; nothing is made yet."""
        self._processes = processes
        self._files = files
        self._sealed = Sealed(processes, files, cache, reach)

    def install(self, venv: Path, artifact: Path, requirements: Path) -> Completed:
        """The hashed requirements and the artifact are in `venv`; a half-made one is made again.

        The last command's end is returned: the first that failed, or one that shows the result working.

        Raises:
            Unavailable: packages would have to be fetched, and must not.

        """
        lock = self._files.read(requirements)
        ready = key(lock, self._files.sha256(artifact).encode())
        if marker(venv) != ready:
            if not self._is_furnished(venv, lock):
                self._files.remove(venv)
                with self._sealed.alone():
                    made = self._sealed.made(requirements)
                    if not made.ok:
                        return made
                    _copy(self._sealed.place(lock), venv)
            self._files.remove(venv / _FURNISHED)
            # Whoever imports a module first writes its byte code; most of an artifact nobody imports.
            made = self._sealed.pip(venv, "--no-deps", "--no-compile", str(artifact))
            if not made.ok:
                return made
            self._files.write_durable(venv / READY, ready.encode())
        return self._processes.run(Command((str(venv / "bin" / "python"), "-c", "print('ready')"), venv))

    def furnish(self, venv: Path, lock: bytes) -> None:
        """The packages of `lock` are in `venv` ahead of `install`, if the cache has them whole."""
        if marker(venv) or self._is_furnished(venv, lock):
            return
        with self._sealed.alone():
            if self._sealed.is_whole(lock):
                self._files.remove(venv)
                _copy(self._sealed.place(lock), venv)
                self._files.write_durable(venv / _FURNISHED, key(lock).encode())

    def _is_furnished(self, venv: Path, lock: bytes) -> bool:
        said = venv / _FURNISHED
        return said.is_file() and self._files.read(said) == key(lock).encode()


def _copy_file(source: str, destination: str) -> str:
    """The copy's name. The first file that the disk refuses ends the whole copy, in words."""
    with writing(Path(destination)):
        return str(shutil.copy2(source, destination, follow_symlinks=False))


def _copy(source: Path, venv: Path) -> None:
    """`venv` is `source` under its own name: scripts and configuration speak of the new place.

    Raises:
        StepFailed: the disk is full, or refuses a directory.

    """
    ignored = shutil.ignore_patterns(READY, UNTOUCHED)
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
