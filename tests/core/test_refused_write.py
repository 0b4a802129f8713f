import errno
import os
from pathlib import Path

import pytest

from hotelctl.core.errors import HotelctlError, StepFailed, UsageError
from hotelctl.core.refused_write import refused_write

_FILE, _PLACE = Path("/p/.hotelctl/local/lock"), Path("/p")


@pytest.mark.parametrize(
    ("number", "kind", "words", "remedy"),
    [
        (errno.ENOSPC, StepFailed, "no space is left on the disk", "make room on the file system of /p,"),
        (errno.EDQUOT, StepFailed, "the disk quota is used up", "make room on the file system of /p,"),
        (errno.EACCES, UsageError, "cannot be written: permission denied", "right to write in /p"),
        (errno.EPERM, UsageError, "cannot be written: operation not permitted", "right to write in /p"),
        (errno.EROFS, UsageError, "cannot be written: read-only file system", "right to write in /p"),
        (errno.ENOTDIR, UsageError, "cannot be written: not a directory", "out of the way"),
        (errno.EEXIST, UsageError, "cannot be written: file exists", "out of the way"),
    ],
)
def test_a_refusal_names_the_path_and_what_to_mend(
    number: int, kind: type[HotelctlError], words: str, remedy: str
) -> None:
    refusal = refused_write(OSError(number, os.strerror(number)), _FILE, _PLACE)
    assert type(refusal) is kind
    assert refusal.message == f"{_FILE}: {words}"
    assert remedy in refusal.hint


def test_what_nobody_expects_of_a_disk_is_no_refusal() -> None:
    assert refused_write(OSError(errno.EIO, "Input/output error"), _FILE, _PLACE) is None
