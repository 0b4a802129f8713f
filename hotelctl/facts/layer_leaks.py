"""A scanner's search through the layers of an image: what it is given at a time, and what it found."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from hotelctl.core.images import LayerFile
from hotelctl.facts.archives import Opened, kind
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


@dataclass(slots=True)
class LayerBatches:
    """Takes one file after the other, in the order of the layers, and has `scan` search 40 MB at a time."""

    scan: Scan
    files: int = 0
    _ends: Ends = field(default_factory=Ends)
    _opened: Opened = field(default_factory=Opened)
    _held: dict[str, bytes] = field(default_factory=dict)
    _bytes: int = 0
    _found: dict[LayerLeak, None] = field(default_factory=dict)

    def __call__(self, file: LayerFile) -> None:
        """Look at the next one."""
        if not self._ends.is_file(file) or of_the_system(file.path):
            return
        self.files += 1
        name, held, window, lines = f"{file.number}/{file.path}", Held(), b"", 0
        while piece := file.read(_PIECE_BYTES):
            held.add(piece)
            window += piece
            if not held.is_whole and len(window) > _MOST_BYTES:
                self._alone(name, window, lines)
                lines += window[:-_OVERLAP_BYTES].count(b"\n")
                window = window[-_OVERLAP_BYTES:]
        self._ended(name, held, window, lines)

    def leaks(self, argv: tuple[str, ...], layers: int) -> LayerLeaks:
        """All of it."""
        self._flush()
        every = sorted(self._found, key=lambda one: (one.number, one.leak.path, one.leak.line, one.leak.rule))
        found = (replace(one, gone_in=self._ends.gone_in(one.number, one.leak.path)) for one in every)
        doubts = {name.partition("/")[2]: why for name, why in self._opened.left_out.items()}
        return LayerLeaks(argv, layers, self.files, tuple(found), doubts)

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


def _told(found: Iterable[Leak], lines: int) -> Iterator[LayerLeak]:
    for one in found:
        number, _, path = one.path.partition("/")
        if one.confidence in _TOLD and not one.doubt:
            yield LayerLeak(int(number), replace(one, path=path, line=one.line + lines))
