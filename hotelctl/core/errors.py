"""Everything that hotelctl says no with.

HotelctlError                 one line for people, one hint, one exit code
├── Blocked              1    done, but what serves now fails a check; or a report that is not whole
├── UsageError           2    flag, configuration, missing file
├── Unverified           3    what was to be proven could not be judged
├── StepFailed          10    a deploy step says no before anything visible changed
│   ├── WaitedForLock   10    a statement got no lock as long as it may wait for one
│   └── Damaged          1    a backup is not what was written
├── RolledBack          11    failed after the switch, taken back
├── Frozen              12    a person is needed
├── Diverged            12    somebody changed the world under an open deploy
├── Locked              73    another deploy holds the environment
└── Interrupted         75    stopped on request, can go on

Unavailable                   a fact could not be had: the check is `unknown`
├── NotOffered                the throw-away PostgreSQL lacks an extension, and no other stands in
├── LeftOut                   nobody was to look at a part of it: `skipped`, unless the rest found something
└── NoNetwork                 nobody else can be reached from here, so nothing is known of them
NotApplicable                 the question does not arise for this service
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """The process exit codes that scripts rely on (docs/exit-codes.md)."""

    READY = 0
    BLOCKED = 1
    USAGE = 2
    UNVERIFIED = 3
    STOPPED = 10
    ROLLED_BACK = 11
    FROZEN = 12
    BUG = 70
    LOCKED = 73
    INTERRUPTED = 75
    CTRL_C = 130


class HotelctlError(Exception):
    """An expected refusal: `message` says what, `hint` says what to do about it."""

    exit_code: ClassVar[ExitCode] = ExitCode.USAGE

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep both lines; the hint may be empty."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class Blocked(HotelctlError):
    """What is there fails: a check after a rollback that is done, or a report's own digests."""

    exit_code = ExitCode.BLOCKED


class UsageError(HotelctlError):
    """A flag, a configuration file or a named file is wrong."""


class Unverified(HotelctlError):
    """What was to be proven could not be judged, so nothing is known of it."""

    exit_code = ExitCode.UNVERIFIED


class StepFailed(HotelctlError):
    """A deploy step refuses; what it had done is taken back."""

    exit_code = ExitCode.STOPPED


class WaitedForLock(StepFailed):
    """The lock of somebody else's session was not had in time; nothing of the transaction was done."""


class Damaged(StepFailed):
    """A backup is not what was written, or does not restore to what it was taken of."""

    exit_code = ExitCode.BLOCKED


class RolledBack(HotelctlError):
    """The deploy failed after the switch and the former release serves again."""

    exit_code = ExitCode.ROLLED_BACK


class Frozen(HotelctlError):
    """Nothing moves until a person has looked; traffic stays where it is."""

    exit_code = ExitCode.FROZEN


class Diverged(Frozen):
    """The world is neither as the journal left it nor as it was before."""


class Locked(HotelctlError):
    """Another operation holds the environment."""

    exit_code = ExitCode.LOCKED


class Interrupted(HotelctlError):
    """Stopped on request between two atomic actions; resumable."""

    exit_code = ExitCode.INTERRUPTED


class Unavailable(Exception):
    """A fact could not be had; `reason` is shown to people."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


class NotOffered(Unavailable):
    """A throw-away server of version `server` lacks the extensions `names`; `why` no other stands in."""

    def __init__(self, server: str, names: tuple[str, ...], why: str) -> None:
        """Keep all of it."""
        named = ", ".join(names)
        super().__init__(
            f"the throw-away PostgreSQL {server} does not offer {named}, and no container stands in: {why}"
        )
        self.server = server
        self.names = names
        self.why = why


class LeftOut(Unavailable):
    """A part of the question was not asked in this run."""


class NoNetwork(Unavailable):
    """Nobody else can be reached from this machine: that says nothing of them."""


class NotApplicable(Exception):
    """The question does not arise here; `reason` is shown to people."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason
