"""A disk that says no, in words for people: what every durable write shares."""

import errno
from pathlib import Path

from hotelctl.core.errors import HotelctlError, StepFailed, UsageError

_FULL = {errno.ENOSPC: "no space is left on the disk", errno.EDQUOT: "the disk quota is used up"}
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)
_IN_THE_WAY = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST)


def refused_write(error: OSError, path: Path, place: Path) -> HotelctlError | None:
    """The refusal to write `path` as one line with a remedy; `place` is the directory to mend.

    `StepFailed` where disk or quota is full, `UsageError` where it is not permitted or something else
    stands there, None for any other error, which is nothing that people expect.
    """
    if error.errno in _FULL:
        return StepFailed(
            f"{path}: {_FULL[error.errno]}", f"make room on the file system of {place}, then run it again"
        )
    reason = (error.strerror or type(error).__name__).lower()
    if error.errno in _REFUSED:
        return UsageError(
            f"{path}: cannot be written: {reason}", f"give this user the right to write in {place}"
        )
    if error.errno in _IN_THE_WAY:
        return UsageError(f"{path}: cannot be written: {reason}", "move what stands there out of the way")
    return None
