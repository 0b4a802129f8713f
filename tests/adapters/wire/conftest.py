"""Connections of which nothing is left open."""

from collections.abc import Callable, Iterator

import pytest

from hotelctl.adapters.wire.frames import Stream
from tests.adapters.wire.ends import Ends, pair


@pytest.fixture
def connection() -> Iterator[Callable[[], tuple[Stream, Stream]]]:
    """Makes a connection and gives its two ends."""
    made: list[Stream] = []

    def one() -> tuple[Stream, Stream]:
        both = pair()
        made.extend(both)
        return both

    yield one
    for stream in made:
        stream.close()


@pytest.fixture
def ends() -> Iterator[Ends]:
    both = Ends()
    yield both
    both.close()
