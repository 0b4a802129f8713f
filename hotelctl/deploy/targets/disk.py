"""Clear words for a state directory that cannot be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotelctl.core.refused_write import refused_write


@contextmanager
def writing(state: Path) -> Iterator[None]:
    """Turns the disk's refusal inside the block into one line, as `refused_write` words it."""
    try:
        yield
    except OSError as error:
        refusal = refused_write(error, state, state)
        if refusal is None:
            raise
        raise refusal from error
