"""What a restore has in hand, written down before it acts, so that a repeat finds it in the world."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from hotelctl.core.errors import UsageError
from hotelctl.core.ports import Files
from hotelctl.deploy.layout import Layout
from hotelctl.facts.state_file import read_again

_REMEDY = "look which databases the server has, put their names right, then remove the file"


class Standing(StrEnum):
    """How far the world is, as the numbers of databases tell it."""

    COPYING = "copying"
    CLOSED = "closed"
    SWAPPED = "swapped"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class InterruptedRestore:
    """`copy` is made of `backup`; with an `aside`, it takes the place of `live`, which gets that name.

    A database keeps its number when it is renamed; 0 stands for one that is not known yet.
    """

    backup: str
    live: str
    copy: str
    aside: str = ""
    live_number: int = 0
    copy_number: int = 0

    @property
    def again(self) -> str:
        """The command that settles it."""
        return f"hotelctl backup restore {self.backup}{' --swap' if self.aside else ''}"

    def standing(self, numbers: Mapping[str, int]) -> Standing:
        """Where it was left, given the number of each database by its name."""
        if not self.aside:
            return Standing.COPYING
        match numbers.get(self.live):
            case self.copy_number:
                return Standing.SWAPPED
            case self.live_number:
                return Standing.CLOSED
        return Standing.UNKNOWN


def note(one: InterruptedRestore, layout: Layout, files: Files) -> None:
    """It is on the disk."""
    files.write_durable(layout.restore(), json.dumps(asdict(one), indent=1).encode(), 0o600)


def noted(layout: Layout, files: Files) -> InterruptedRestore | None:
    """The one that was not ended. Raises `UsageError` for a spoilt record."""
    path = layout.restore()
    return read_again(path, files.read(path), _made, _REMEDY) if files.exists(path) else None


def require_none(layout: Layout, files: Files) -> None:
    """Return when nothing is in hand. Raises `UsageError`: the database may be closed to writers."""
    left = noted(layout, files)
    if left is not None:
        raise UsageError(f"a restore of {left.backup} was interrupted", f"{left.again} settles it")


def _made(raw: Mapping[str, Any]) -> InterruptedRestore:
    return InterruptedRestore(**raw)


def ended(layout: Layout, files: Files) -> None:
    """Nothing is in hand any more."""
    files.remove(layout.restore())
