"""Files of the layers of an image: which of them is the distribution's own, and what became of each later."""

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from hotelctl.facts.archives import INSIDE, LARGEST_BYTES, TOO_LARGE, named
from hotelctl.facts.layer_contents import LayerContents

# What people put into an image lies in none of these, but for /usr/local and /usr/src.
_SYSTEM = re.compile(
    r"(?:usr/(?!local/|src/)|bin/|sbin/|lib(?:32|64|x32)?/|boot/|etc/ssl/certs/|var/(?:cache|lib/(?:apt|dpkg|apk|rpm|pacman))/)"
)
_STANDARD = re.compile(r"usr/local/lib/python3\.\d+/(?!site-packages/|dist-packages/)")
_PARTS = re.compile(f"[/{INSIDE}]")


def of_the_system(path: str) -> bool:
    """Whether it lies where a distribution, or Python itself, keeps what it brings."""
    return bool(_SYSTEM.match(path) or _STANDARD.match(path))


class Hiding:
    """Which paths are hidden where these are, as `hidden_by` tells them, or a file takes their place.

    With a file, what is packed in it is hidden, too.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        """Take them."""
        self._paths = frozenset(paths)

    def __call__(self, path: str) -> bool:
        """Whether that one is."""
        return any(one in self._paths for one in (path, "/", *_above(path)))


class Ends:
    """What later layers take away, or put something else in the place of."""

    def __init__(self, layers: Sequence[LayerContents]) -> None:
        """Take those of an image, oldest first."""
        self._layers = [Hiding((*one.hidden, *one.paths)) for one in layers]

    def gone_in(self, number: int, path: str) -> int:
        """The layer in which the file of layer `number`, counted from 1, is hidden, 0 where none does."""
        later = enumerate(self._layers[number:], number + 1)
        return next((one for one, hides in later if hides(path)), 0)


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


def _above(path: str) -> Iterator[str]:
    """Each directory on the way to it, as itself and as all that it holds, and each archive."""
    for hit in _PARTS.finditer(path):
        yield path[: hit.start()]
        if hit[0] == "/":
            yield path[: hit.end()]
