"""What the next commit would change, as git's index holds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Staged:
    """Bytes of new and changed files by path from the root; `left` says by path why others were not read."""

    files: Mapping[str, bytes]
    left: Mapping[str, str]


class Index(Protocol):
    """The files of the next commit."""

    def staged(self, largest_bytes: int) -> Staged:
        """Files that differ from HEAD and stay, in a commit hook those of the commit that is made.

        A link's bytes are where it leads to. Submodules are in neither: they hold nothing of this repository.

        Raises:
            Unavailable: git could not read all of them.

        """
        ...
