"""Files of a history that git would hold in memory several times over to show what was added to them.

In a repository that borrows each has a line in its place, so that what shows the line has brought the file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hotelctl.adapters.git_command import GitCommand
from hotelctl.core.errors import Unavailable
from hotelctl.core.history import Change, LookAtChange

LARGEST_BYTES = 50_000_000
"""Of a file that is shown as all others are."""
SIZES = (
    *("cat-file", "--batch-all-objects", "--unordered", "--buffer"),
    "--batch-check=%(objectsize) %(objecttype) %(objectname)",
)
"""What tells the size of every object: of a whole history in half the time of a walk through it."""
_SIZED = re.compile(rb"^([0-9]+) blob ([0-9a-f]+)$", re.MULTILINE)
_LEFT_OUT = re.compile(rb"^~([0-9a-f]+)$", re.MULTILINE)


def left_out() -> tuple[str, ...]:
    """What names the large files of the commits that are named behind it, with a sign in front."""
    limit = f"--filter=blob:limit={LARGEST_BYTES + 1}"
    return ("rev-list", "--objects", "--no-object-names", limit, "--filter-print-omitted")


@dataclass(slots=True)
class LargeBlobs:
    """A file to write either answer to; `found` are the ids of those that are large."""

    found: list[str] = field(default_factory=list)
    _left: bytes = b""

    def write(self, data: bytes) -> int:
        """Take the next piece."""
        lines, _, self._left = (self._left + data).rpartition(b"\n")
        told = [name for size, name in _SIZED.findall(lines) if int(size) > LARGEST_BYTES]
        self.found += [name.decode() for name in (*told, *_LEFT_OUT.findall(lines))]
        return len(data)


def stand_in(git: GitCommand, object_id: str) -> bytes:
    """What `git log` of that repository shows from now on in the place of this object.

    Raises:
        Unavailable: git could not write it.
        UsageError: git did not end in time.

    """
    line = f"large file {object_id}\n".encode()
    written = git.run("hash-object", "-w", "--stdin", stdin=line)
    shown = written.ok and git.run("update-ref", f"refs/replace/{object_id}", written.stdout.strip())
    if not shown or not shown.ok:
        raise Unavailable(f"the history cannot be read: object {object_id[:12]} cannot be told apart")
    return b"+" + line


def without_large(look: LookAtChange, large: Mapping[bytes, str]) -> LookAtChange:
    """`look` is told of the files themselves where what stands in their place was added."""

    def told(change: Change) -> None:
        apart = tuple((path, large[added]) for path, _, added in change.added if added in large)
        rest = tuple(one for one in change.added if one[2] not in large)
        look(replace(change, added=rest, large=apart) if apart else change)

    return told
