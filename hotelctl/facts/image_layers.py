"""What the layers of an image hold that should be in none: files that are secret by their name, known values.

A later layer that takes a file away hides it from a container only: who has the image has the layer.
"""

import io
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from hotelctl.core.images import LayerFile
from hotelctl.facts.archives import Opened
from hotelctl.facts.archives import kind as archive_kind
from hotelctl.facts.docker_context import HISTORY, private_kind
from hotelctl.facts.layer_files import Ends, Held, of_the_system
from hotelctl.facts.secret_copies import NamedSecret, Search

_PIECE_BYTES = 1 << 22
_HEAD_BYTES = 1 << 16
# By such a name alone a file may as well be a certificate, or hold the address of an index.
_MAY_BE_PUBLIC = re.compile(r"(?i)id_\w+|.*\.(pem|key)|\.(npmrc|pypirc)")
_IS_SECRET = re.compile(rb"(?i)PRIVATE KEY|_auth|token\s*=|password\s*[=:]")


@dataclass(frozen=True, slots=True)
class LayerFind:
    """A file in the layer `number`, counted from 1, with its `digest`.

    `kind` says what it is by its name, empty where only its content is known; `names` are those of the secret
    values that it holds. `gone_in` is the layer that takes it away or puts another in its place, 0 where none
    does.
    """

    number: int
    digest: str
    path: str
    kind: str
    names: tuple[str, ...]
    gone_in: int = 0


@dataclass(frozen=True, slots=True)
class ImageLayers:
    """What was found in `files` files of `layers` layers; `doubts` says why an archive was not opened."""

    layers: int
    files: int
    found: tuple[LayerFind, ...]
    doubts: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class LayerSearch:
    """Takes one file after the other, in the order of the layers; `example` is a template of an env file."""

    search: Search
    example: str | None = None
    files: int = 0
    _found: dict[tuple[int, str], LayerFind] = field(default_factory=dict)
    _ends: Ends = field(default_factory=Ends)
    _opened: Opened = field(default_factory=Opened)

    def __call__(self, file: LayerFile) -> None:
        """Look at the next one."""
        if self._ends.is_file(file):
            self.files += 1
            self._look(file)

    def found(self, layers: int) -> ImageLayers:
        """All of it."""
        found = (
            replace(one, gone_in=self._ends.gone_in(one.number, one.path)) for one in self._found.values()
        )
        return ImageLayers(layers, self.files, tuple(found), dict(self._opened.left_out))

    def _look(self, file: LayerFile) -> None:
        kind = private_kind(_of_history(file.path), self.example) or ""
        head, names = b"", dict[str, None]()
        held: Held | None = None
        for piece, new in _pieces(file, self.search.longest):
            if not head:
                head = piece[:_HEAD_BYTES]
                held = Held() if archive_kind(head) and not of_the_system(file.path) else None
            names |= dict.fromkeys(name for one, _, _ in self.search(piece) for name in one.names)
            if held is not None:
                held.add(piece[-new:])
        if kind and _MAY_BE_PUBLIC.fullmatch(posixpath.basename(file.path)) and not _IS_SECRET.search(head):
            kind = ""
        if names or (kind and (head or kind == HISTORY)):
            path = _of_history(file.path) if kind == HISTORY and not names else file.path
            self._found.setdefault(
                (file.number, path), LayerFind(file.number, file.digest, path, kind, tuple(names))
            )
        if held is not None:
            self._look_inside(file, held)

    def _look_inside(self, file: LayerFile, held: Held) -> None:
        """At each member as at a file; what is too large to be held is left out."""
        if held.content is None:
            self._opened.left_out[file.path] = held.why
            return
        for path, data in self._opened(file.path, held.content):
            if not archive_kind(data):
                self._look(LayerFile(file.number, file.digest, path, io.BytesIO(data).read))


def searched(known: Iterable[NamedSecret], example: str | None) -> LayerSearch:
    """One for these values."""
    return LayerSearch(Search(known), example)


def _of_history(path: str) -> str:
    """The directory of the history that the file is part of, else the path."""
    before, inside, _ = f"/{path}".partition("/.git/")
    return f"{before}/.git".lstrip("/") if inside else path


def _pieces(file: LayerFile, overlap: int) -> Iterator[tuple[bytes, int]]:
    """Windows that overlap, and how many bytes at the end of each are new."""
    tail = b""
    while piece := file.read(_PIECE_BYTES):
        window = tail + piece
        yield window, len(piece)
        tail = window[-overlap:] if overlap else b""
