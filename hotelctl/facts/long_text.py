"""Where a long text is cut for a scanner, so that no key lies across the end of what it reads at once."""

from collections.abc import Iterator

PIECE_BYTES = 90_000
"""betterleaks reads 100 kB at a time, goes on to an empty line, and after 24 kB without one ends anywhere."""
_OVERLAP_BYTES = 12_000


def spans(text: bytes) -> Iterator[tuple[int, int, int]]:
    """Begin and end of each piece, and how many lines are before it: whole lines where they are short enough.

    A piece has `PIECE_BYTES` at most, and shares 6 to 12 kB with the one before.
    """
    start, before = 0, 0
    while len(text) - start > PIECE_BYTES:
        stop = start + PIECE_BYTES
        stop = text.rfind(b"\n", stop - _OVERLAP_BYTES, stop) + 1 or stop
        yield start, stop, before
        again = stop - _OVERLAP_BYTES
        # From a line's begin, if one begins there early enough.
        begun = text.find(b"\n", again, again + _OVERLAP_BYTES // 2) + 1 or again
        before += text.count(b"\n", start, begun)
        start = begun
    yield start, len(text), before
