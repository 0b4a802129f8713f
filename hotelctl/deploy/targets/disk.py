"""Clear words for a state directory that cannot be written."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotelctl.core.errors import StepFailed, UsageError

_FULL = {errno.ENOSPC: "no space is left on the disk", errno.EDQUOT: "the disk quota is used up"}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}


@contextmanager
def writing(state: Path) -> Iterator[None]:
    """Turns the disk's refusal inside the block into one line.

    Raises:
        StepFailed: disk or quota full.
        UsageError: not permitted, or something else stands there.

    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StepFailed(f"{state}: {_FULL[error.errno]}", "make room, then run it again") from error
        if error.errno in _REFUSED:
            reason = (error.strerror or "refused").lower()
            raise UsageError(f"{state}: cannot be written: {reason}", "give this user the right") from error
        raise
