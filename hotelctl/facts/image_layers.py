"""What the layers of an image hold that should be in none: files that are secret by their name, known values.

A later layer that takes a file away hides it from a container only: who has the image has the layer.
"""

import io
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from hotelctl.core.kept import ITSELF, Question
from hotelctl.core.layers import LayerFile, LayerQuestion
from hotelctl.facts.archives import Opened
from hotelctl.facts.archives import kind as archive_kind
from hotelctl.facts.docker_context import HISTORY, private_kind
from hotelctl.facts.layer_contents import LayerContents, hidden_by
from hotelctl.facts.layer_files import Ends, Held, of_the_system
from hotelctl.facts.secret_copies import NamedSecret, Search, search_for

Mark = Callable[[str], str]

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


@dataclass(frozen=True, slots=True)
class Find:
    """The same in the one layer that was looked at."""

    path: str
    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LayerFinds:
    """What was found in `files` files of a layer; `doubts` as above."""

    files: int
    found: tuple[Find, ...]
    doubts: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Look:
    """Takes one file of a layer after the other; `example` is a template of an env file."""

    search: Search
    example: str | None = None
    files: int = 0
    _found: dict[str, Find] = field(default_factory=dict)
    _opened: Opened = field(default_factory=Opened)

    def __call__(self, file: LayerFile) -> None:
        """Look at the next one."""
        if hidden_by(file.path) is None:
            self.files += 1
            self._look(file)

    def answer(self) -> LayerFinds:
        """All of it."""
        return LayerFinds(self.files, tuple(self._found.values()), dict(self._opened.left_out))

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
            self._found.setdefault(path, Find(path, kind, tuple(names)))
        if held is not None:
            self._look_inside(file, held)

    def _look_inside(self, file: LayerFile, held: Held) -> None:
        """At each member as at a file; what is too large to be held is left out."""
        if held.content is None:
            self._opened.left_out[file.path] = held.why
            return
        for path, data in self._opened(file.path, held.content):
            if not archive_kind(data):
                self._look(LayerFile(file.digest, path, io.BytesIO(data).read))


def finds(known: tuple[NamedSecret, ...], example: str | None, mark: Mark) -> LayerQuestion[LayerFinds]:
    """What is asked of each layer, for these values; `mark` gives what stands in the place of one."""
    # No digest of a value may be kept that is not keyed by this project.
    values = [(one.names, mark(one.value.reveal())) for one in known]
    inputs = {"mark": mark(ITSELF), "values": repr(values), "example": repr(example)}
    question = Question(
        ITSELF, ("secrets in a layer",), {name: text.encode() for name, text in inputs.items()}
    )
    return LayerQuestion(LayerFinds, question, partial(_Look, search_for(known), example))


def together(
    digests: Sequence[str], contents: Sequence[LayerContents], found: Sequence[LayerFinds]
) -> ImageLayers:
    """Of the layers of an image, oldest first."""
    ends, every = Ends(contents), []
    for number, (digest, layer) in enumerate(zip(digests, found, strict=True), 1):
        every += [
            LayerFind(number, digest, one.path, one.kind, one.names, ends.gone_in(number, one.path))
            for one in layer.found
        ]
    doubts = {path: why for layer in found for path, why in layer.doubts.items()}
    return ImageLayers(len(digests), sum(layer.files for layer in found), tuple(every), doubts)


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
