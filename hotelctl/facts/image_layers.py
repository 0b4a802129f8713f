"""What the layers of an image hold that should be in none: files that are secret by their name, known values.

A later layer that takes a file away hides it from a container only: who has the image has the layer.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hotelctl.core.images import LayerFile
from hotelctl.facts.docker_context import HISTORY, private_kind
from hotelctl.facts.secret_copies import NamedSecret, Search

_PIECE_BYTES = 1 << 22
_HEAD_BYTES = 1 << 16
_REMOVES, _EMPTIES = ".wh.", ".wh..wh..opq"
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
    """What was found in `files` files of `layers` layers."""

    layers: int
    files: int
    found: tuple[LayerFind, ...]


@dataclass(slots=True)
class LayerSearch:
    """Takes one file after the other, in the order of the layers; `example` is a template of an env file."""

    search: Search
    example: str | None = None
    files: int = 0
    _found: dict[tuple[int, str], LayerFind] = field(default_factory=dict)
    _later: list[tuple[int, str]] = field(default_factory=list)

    def __call__(self, file: LayerFile) -> None:
        """Look at the next one."""
        above, name = posixpath.split(file.path)
        if name == _EMPTIES:
            self._later.append((file.number, f"{above}/"))
        elif name.startswith(_REMOVES):
            self._later.append((file.number, posixpath.join(above, name.removeprefix(_REMOVES))))
        else:
            self.files += 1
            self._later.append((file.number, file.path))
            self._look(file)

    def found(self, layers: int) -> ImageLayers:
        """All of it."""
        found = [self._with_end(one) for one in self._found.values()]
        return ImageLayers(layers, self.files, tuple(found))

    def _look(self, file: LayerFile) -> None:
        kind = private_kind(_of_history(file.path), self.example) or ""
        head, names = b"", dict[str, None]()
        for piece in _pieces(file, self.search.longest):
            head = head or piece[:_HEAD_BYTES]
            names |= dict.fromkeys(name for one, _, _ in self.search(piece) for name in one.names)
        if kind and _MAY_BE_PUBLIC.fullmatch(posixpath.basename(file.path)) and not _IS_SECRET.search(head):
            kind = ""
        if names or (kind and (head or kind == HISTORY)):
            path = _of_history(file.path) if kind == HISTORY and not names else file.path
            self._found.setdefault(
                (file.number, path), LayerFind(file.number, file.digest, path, kind, tuple(names))
            )

    def _with_end(self, one: LayerFind) -> LayerFind:
        ends = (number for number, path in self._later if number > one.number and _covers(path, one.path))
        gone_in = min(ends, default=0)
        return LayerFind(one.number, one.digest, one.path, one.kind, one.names, gone_in)


def searched(known: Iterable[NamedSecret], example: str | None) -> LayerSearch:
    """One for these values."""
    return LayerSearch(Search(known), example)


def _of_history(path: str) -> str:
    """The directory of the history that the file is part of, else the path."""
    before, inside, _ = f"/{path}".partition("/.git/")
    return f"{before}/.git".lstrip("/") if inside else path


def _pieces(file: LayerFile, overlap: int) -> Iterator[bytes]:
    tail = b""
    while piece := file.read(_PIECE_BYTES):
        window = tail + piece
        yield window
        tail = window[-overlap:] if overlap else b""


def _covers(gone: str, path: str) -> bool:
    return path == gone or path.startswith(f"{gone.rstrip('/')}/")
