"""PostgreSQL's table locks: how strong each is, and what it refuses to others.

Source: PostgreSQL documentation, "Explicit Locking", table of conflicting lock modes.
"""

from enum import IntEnum


class LockMode(IntEnum):
    """The modes in the order of their strength."""

    ACCESS_SHARE = 1
    ROW_SHARE = 2
    ROW_EXCLUSIVE = 3
    SHARE_UPDATE_EXCLUSIVE = 4
    SHARE = 5
    SHARE_ROW_EXCLUSIVE = 6
    EXCLUSIVE = 7
    ACCESS_EXCLUSIVE = 8

    @property
    def words(self) -> str:
        """As PostgreSQL's documentation and `LOCK TABLE` write it."""
        return self.name.replace("_", " ")

    @property
    def refuses_reads(self) -> bool:
        """Whether a plain SELECT waits for it."""
        return self is LockMode.ACCESS_EXCLUSIVE

    @property
    def refuses_writes(self) -> bool:
        """Whether INSERT, UPDATE and DELETE wait for it."""
        return self >= LockMode.SHARE

    @property
    def refuses(self) -> str:
        """What waits, in words; empty where nobody does."""
        if self.refuses_reads:
            return "reads and writes"
        return "writes" if self.refuses_writes else ""


def lock_mode(name: str) -> LockMode:
    """The mode as `pg_locks` names it, such as `ShareRowExclusiveLock`. Raises `KeyError`."""
    return _BY_NAME[name]


_BY_NAME = {"".join(w.capitalize() for w in mode.name.split("_")) + "Lock": mode for mode in LockMode}
