"""Putting one database into the place of another, as a port."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TableLoss:
    """One table that differs: its rows then and now, those that are only there now, and only then."""

    name: str
    then: int
    now: int
    lost: int
    back: int


class Exchange(Protocol):
    """Databases of one server. Each call connects by `url`, or to the maintenance database beside it.

    All raise `Unavailable` as `Databases` does, and `StepFailed` with the server's words.
    """

    def numbers(self, url: str) -> Mapping[str, int]:
        """The number of each database of the server by its name; a rename does not change it."""
        ...

    def differences(
        self, now: str, then: str, tables: Mapping[str, tuple[int, int]]
    ) -> tuple[TableLoss, ...]:
        """What `tables`, with their rows then and now, hold in one database and not in the other.

        Rows are compared by what stands in the columns that both have; a changed row is one that is only
        there now, and one that was only there then.
        """
        ...

    def wal_bytes(self, url: str, system: str | None, wal: str | None) -> int | None:
        """How much the server's log grew since `wal`; None where that is not known, or of another server."""
        ...

    def close(self, url: str) -> None:
        """New sessions of the database only read, unless they say otherwise; all others have ended."""
        ...

    def open(self, url: str) -> None:
        """New sessions of the database may write again."""
        ...

    def furnish(self, url: str, copy: str) -> None:
        """The database `copy` has the owner, rights, limit and settings that the one of `url` has.

        What is in it has the owners that it has there. Whether it is closed is left out.
        """
        ...

    def swap(self, url: str, copy: str, aside: str) -> None:
        """The database of `url` is called `aside` and `copy` is called as it was: both or neither.

        Sessions of both end first, and go on ending until it is done.
        """
        ...
