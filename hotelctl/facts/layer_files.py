"""Files of the layers of an image: which of them is the distribution's own, and what became of each later."""

import posixpath
import re
from dataclasses import dataclass, field
from hashlib import sha256

from hotelctl.core.images import LayerFile
from hotelctl.facts.archives import LARGEST_BYTES, TOO_LARGE, named

_REMOVES, _EMPTIES = ".wh.", ".wh..wh..opq"
# What people put into an image lies in none of these, but for /usr/local and /usr/src.
_SYSTEM = re.compile(
    r"(?:usr/(?!local/|src/)|bin/|sbin/|lib(?:32|64|x32)?/|boot/|etc/ssl/certs/|var/(?:cache|lib/(?:apt|dpkg|apk|rpm|pacman))/)"
)
_STANDARD = re.compile(r"usr/local/lib/python3\.\d+/(?!site-packages/|dist-packages/)")


def of_the_system(path: str) -> bool:
    """Whether it lies where a distribution, or Python itself, keeps what it brings."""
    return bool(_SYSTEM.match(path) or _STANDARD.match(path))


@dataclass(slots=True)
class Ends:
    """What later layers take away, or put something else in the place of."""

    _told: list[tuple[int, str]] = field(default_factory=list)

    def is_file(self, file: LayerFile) -> bool:
        """Whether it is one; what only takes another away is none. Each is asked about once, in order."""
        above, name = posixpath.split(file.path)
        if name == _EMPTIES:
            self._told.append((file.number, f"{above}/"))
        elif name.startswith(_REMOVES):
            self._told.append((file.number, posixpath.join(above, name.removeprefix(_REMOVES))))
        else:
            self._told.append((file.number, file.path))
            return True
        return False

    def gone_in(self, number: int, path: str) -> int:
        """The layer in which the file of layer `number` is hidden, 0 where none does."""
        return min((one for one, gone in self._told if one > number and _covers(gone, path)), default=0)


class Held:
    """A file that comes in pieces, as long as memory should hold it."""

    def __init__(self) -> None:
        """Nothing came yet; `head` is the first piece."""
        self.head = b""
        self._held: bytearray | None = bytearray()
        self._digest = sha256()

    def add(self, piece: bytes) -> None:
        """The next one."""
        self.head = self.head or piece
        self._digest.update(piece)
        if self._held is not None:
            self._held += piece
            if len(self._held) > LARGEST_BYTES:
                self._held = None

    @property
    def is_whole(self) -> bool:
        """Whether it is held."""
        return self._held is not None

    @property
    def content(self) -> bytes | None:
        """All of it; None where that is too much."""
        return None if self._held is None else bytes(self._held)

    @property
    def why(self) -> str:
        """Why an archive of that size is not opened, and which it is."""
        return named(TOO_LARGE, self._digest.hexdigest())


def _covers(gone: str, path: str) -> bool:
    return path == gone or path.startswith((f"{gone.rstrip('/')}/", f"{gone}!"))
