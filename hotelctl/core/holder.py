"""Who holds an environment: the words of a lock."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

SETTLING = "the settling of a restore"
"""The operation that ends what an interrupted restore left; what comes after it is another."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds the lock, what it does, and the fence number that it was given."""

    user: str
    host: str
    pid: int
    pid_started: float
    boot_id: str
    operation: str
    deploy: str
    step: str
    fence: int
    since_utc: str

    def to_json(self) -> dict[str, Any]:
        """A plain mapping; `from_json` reads it again."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Holder":
        """The holder that `to_json` wrote. Raises `KeyError` for a missing field."""
        return cls(**{name: raw[name] for name in cls.__slots__})

    def describe(self, now: datetime, *, alive: bool) -> str:
        """One line: what, by whom, since when, at which step, alive or not."""
        age_s = int((now - datetime.fromisoformat(self.since_utc)).total_seconds())
        state = "alive" if alive else "no longer alive"
        age = f"for {age_s} s" if alive else f"taken at {self.since_utc[:19]}Z"
        what = " ".join(filter(None, (self.operation, self.deploy)))
        return (
            f"{what} by {self.user}@{self.host} (pid {self.pid}, {state}), "
            f"step {self.step or 'none yet'}, {age}"
        )


class Lock(Protocol):
    """One operation at a time on one environment."""

    def acquire(self, operation: str, deploy: str) -> int:
        """Take it and return a fence number higher than all before. Raises `Locked` with the holder."""
        ...

    def at(self, step: str, deploy: str) -> None:
        """Tell those who wait which step of which deploy is running."""
        ...

    def require(self) -> None:
        """Return while it is held: asked before whatever changes something.

        Raises:
            Locked: another operation took it over; its holder is named.
            Interrupted: nobody can tell, and the operation does not go back.

        """
        ...

    def turn_back(self) -> None:
        """From here on the operation goes back: that is refused only where another one took over."""
        ...

    def release(self) -> None:
        """Give it back; fine when it is not held."""
        ...

    def holder(self) -> tuple[Holder | None, bool]:
        """The newest holder on record, and whether it holds the lock now."""
        ...
