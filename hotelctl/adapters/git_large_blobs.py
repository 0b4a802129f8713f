"""Files of a history that git would hold in memory several times over to show what was added to them.

In a repository that borrows each has a line in its place, so that what shows the line has brought the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from hotelctl.adapters.git_command import GitCommand
from hotelctl.core.errors import Unavailable
from hotelctl.core.history import Change, LookAtChange

LARGE = ("--objects", "--no-object-names", "--filter=blob:limit=50m", "--filter-print-omitted")
"""What `rev-list` is told to name them with a sign in front."""
_SIGN = b"~"


@dataclass(slots=True)
class Omitted:
    """A file to write the lines of `rev-list` to; `found` are the ids of those that it left out."""

    found: list[str] = field(default_factory=list)
    _left: bytes = b""

    def write(self, data: bytes) -> int:
        """Take the next piece."""
        *lines, self._left = (self._left + data).split(b"\n")
        self.found += [line[1:].decode() for line in lines if line.startswith(_SIGN)]
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
