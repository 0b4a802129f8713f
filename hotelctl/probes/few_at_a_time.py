"""The contents of many files that may be large together."""

from collections.abc import Iterator, Mapping, Sequence

from hotelctl.probes.context import Context

LINK = "is a link"
_LARGEST_BYTES = 200_000_000
# So many files of that size are in memory at once, a larger one alone.
_AT_ONCE, _SMALL_BYTES = 200, 500_000
# What is written over while it is read is read as it was.
_NOTHING = ("is not there", "is no plain file")


def few_at_a_time(names: Sequence[str], context: Context) -> Iterator[Mapping[str, bytes | str]]:
    """What files of the project hold, or why they were not read."""
    project = context.configuration.project
    for start in range(0, len(names), _AT_ONCE):
        said = context.files.contents(project, names[start : start + _AT_ONCE], _SMALL_BYTES)
        none = (*_NOTHING, LINK)
        again = [name for name, what in said.items() if isinstance(what, str) and what not in none]
        yield {name: what for name, what in said.items() if name not in again}
        for name in again:
            yield context.files.contents(project, [name], _LARGEST_BYTES)


def links(names: Sequence[str], context: Context, root: str = ".") -> frozenset[str]:
    """Those of the names, relative to `root` in the project, that are links."""
    if not names:
        return frozenset()
    said = context.files.contents(context.configuration.project / root, names, 0)
    return frozenset(name for name, what in said.items() if what == LINK)


def is_doubt(name: str, why: str) -> bool:
    """Whether a file that holds something was not read.

    A name that is no text is told with backslashes, and is not found by what was told.
    """
    return why not in _NOTHING or (why == _NOTHING[0] and "\\" in name)
