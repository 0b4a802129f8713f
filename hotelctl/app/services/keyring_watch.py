"""The keyring of a running instance, which follows its directory without a restart."""

import time
from pathlib import Path

from hotelctl.app.domain.failures import StartFailure
from hotelctl.app.logs import Event, log
from hotelctl.app.services import keyring
from hotelctl.app.services.keyring import FOLLOWED_EVERY_S, Keyring

_Look = tuple[tuple[str, int, int], ...]


class KeyringWatch:
    """Looks when asked, at most once a second; a directory that cannot be used leaves the last keys."""

    def __init__(self, directory: Path, ring: Keyring) -> None:
        self._directory = directory
        self._ring = ring
        self._usable = True
        # Not looked at yet: the keys may have been changed since they were loaded.
        self._seen: _Look | None = None
        self._looked_at_s = float("-inf")

    def current(self) -> Keyring:
        """The keys of the directory, at most a second old."""
        if time.monotonic() - self._looked_at_s >= FOLLOWED_EVERY_S:
            self._looked_at_s = time.monotonic()
            self._follow()
        return self._ring

    def is_usable(self) -> bool:
        """Whether the directory can be used, at most a second ago; if not, the keys of before sign."""
        self.current()
        return self._usable

    def _follow(self) -> None:
        seen = _look(self._directory)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            ring = keyring.load(self._directory)
        except StartFailure as failure:
            self._usable = False
            log().error(Event.KEYRING_UNUSABLE, msg=f"{failure.message}; the keys of before stay in use")
            return
        if (ring.active, set(ring.keys)) != (self._ring.active, set(self._ring.keys)):
            log().info(
                Event.KEYRING_CHANGED, msg="keyring changed", active=ring.active, keys=sorted(ring.keys)
            )
        self._ring, self._usable = ring, True


def _look(directory: Path) -> _Look:
    """What differs after every change, as each writes a new file and renames it."""
    try:
        found = [(path.name, path.stat()) for path in directory.iterdir() if not path.name.startswith(".")]
    except OSError:
        return ()
    return tuple(sorted((name, stat.st_ino, stat.st_mtime_ns) for name, stat in found))
