"""A scanner's search through the layers of an image: what it is given at a time, and what it found."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hotelctl.core.layers import LayerFile
from hotelctl.facts.archives import Opened, kind
from hotelctl.facts.layer_contents import LayerContents, hidden_by
from hotelctl.facts.layer_files import Ends, Held, of_the_system
from hotelctl.facts.leaks import Leak

Scan = Callable[[Mapping[str, bytes]], Iterable[Leak]]
"""What is found in files by their names."""

_PIECE_BYTES = 1 << 22
_MOST_BYTES, _MOST_FILES = 40_000_000, 4_000
# A file that is too large to be held comes in windows: so much of one stands in the next again.
_OVERLAP_BYTES = 1 << 14
_TOLD = ("high", "medium")


@dataclass(frozen=True, slots=True)
class LayerLeak:
    """A value in a file of the layer `number`, counted from 1; `gone_in` hides that, 0 where none does."""

    number: int
    leak: Leak
    gone_in: int = 0


@dataclass(frozen=True, slots=True)
class LayerLeaks:
    """What it is more than guessing of in `files` files of `layers` layers.

    `doubts` says by path why an archive was not opened.
    """

    argv: tuple[str, ...]
    layers: int
    files: int
    found: tuple[LayerLeak, ...]
    doubts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundLeaks:
    """The same of the one layer that was looked at."""

    files: int
    found: tuple[Leak, ...]
    doubts: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class LayerBatches:
    """Takes one file of a layer after the other, and has `scan` search 40 MB at a time."""

    scan: Scan
    files: int = 0
    _opened: Opened = field(default_factory=Opened)
    _held: dict[str, bytes] = field(default_factory=dict)
    _bytes: int = 0
    _found: dict[Leak, None] = field(default_factory=dict)

    def __call__(self, file: LayerFile) -> None:
        """Look at the next one."""
        if hidden_by(file.path) is not None or of_the_system(file.path):
            return
        self.files += 1
        name, held, window, lines = file.path, Held(), b"", 0
        while piece := file.read(_PIECE_BYTES):
            held.add(piece)
            window += piece
            if not held.is_whole and len(window) > _MOST_BYTES:
                self._alone(name, window, lines)
                lines += window[:-_OVERLAP_BYTES].count(b"\n")
                window = window[-_OVERLAP_BYTES:]
        self._ended(name, held, window, lines)

    def answer(self) -> FoundLeaks:
        """All of it."""
        self._flush()
        found = sorted(self._found, key=lambda one: (one.path, one.line, one.rule))
        return FoundLeaks(self.files, tuple(found), dict(self._opened.left_out))

    def _ended(self, name: str, held: Held, window: bytes, lines: int) -> None:
        if held.content is None:
            self._alone(name, window, lines)
            if kind(held.head):
                self._opened.left_out[name] = held.why
            return
        members = 0
        before = len(self._opened.left_out)
        for inner, data in self._opened(name, held.content):
            members += 1
            self._add(inner, data)
        if not members or len(self._opened.left_out) > before:
            self._add(name, held.content)

    def _add(self, name: str, content: bytes) -> None:
        if not content:
            return
        if self._bytes + len(content) > _MOST_BYTES or len(self._held) == _MOST_FILES:
            self._flush()
        self._held[name] = content
        self._bytes += len(content)

    def _flush(self) -> None:
        if self._held:
            self._found |= dict.fromkeys(_told(self.scan(self._held), 0))
        self._held, self._bytes = {}, 0

    def _alone(self, name: str, window: bytes, lines: int) -> None:
        """A window of a file, before which so many lines stand."""
        self._found |= dict.fromkeys(_told(self.scan({name: window}), lines))


def together(
    argv: tuple[str, ...], contents: Sequence[LayerContents], found: Sequence[FoundLeaks]
) -> LayerLeaks:
    """Of the layers of an image, oldest first."""
    ends = Ends(contents)
    every = tuple(
        LayerLeak(number, leak, ends.gone_in(number, leak.path))
        for number, layer in enumerate(found, 1)
        for leak in layer.found
    )
    doubts = {path: why for layer in found for path, why in layer.doubts.items()}
    return LayerLeaks(argv, len(contents), sum(layer.files for layer in found), every, doubts)


def _told(found: Iterable[Leak], lines: int) -> Iterator[Leak]:
    for one in found:
        if one.confidence in _TOLD and not one.doubt:
            yield replace(one, line=one.line + lines)
