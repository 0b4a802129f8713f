"""What a migration would have to wait for in the live database now, or would find in its way."""

from dataclasses import dataclass

TRANSACTION_S = 60
IDLE_S = 30
PREPARED_S = 60
WAITING_S = 5
LAG_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session with a transaction that is open for `transaction_s`, of which it was idle for `idle_s`."""

    pid: int
    application: str
    state: str
    transaction_s: int
    idle_s: int


@dataclass(frozen=True, slots=True)
class Vacuum:
    """A vacuum that runs. One that `yields` ends when somebody wants its table; `wraparound` never does."""

    pid: int
    table: str
    phase: str
    yields: bool
    wraparound: bool


@dataclass(frozen=True, slots=True)
class InvalidIndex:
    """An index that is written and never read."""

    name: str
    table: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class PreparedTransaction:
    """One that was prepared for two phases and not ended; its locks outlive sessions and restarts."""

    gid: str
    owner: str
    age_s: int


@dataclass(frozen=True, slots=True)
class ReplicationSlot:
    """A slot that keeps `lag_bytes` of the write-ahead log for whoever reads it."""

    name: str
    active: bool
    lag_bytes: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A session that waits for a lock, and the process ids in its way; 0 is a prepared transaction."""

    pid: int
    application: str
    waited_s: int
    blockers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MigrationObstacles:
    """The first twenty of each kind, while `pending` revisions wait.

    `hidden` are sessions of others with a transaction of which the server shows `asker` nothing more.
    """

    database: str
    asker: str
    pending: tuple[str, ...]
    sessions: tuple[OpenSession, ...] = ()
    vacuums: tuple[Vacuum, ...] = ()
    indexes: tuple[InvalidIndex, ...] = ()
    prepared: tuple[PreparedTransaction, ...] = ()
    slots: tuple[ReplicationSlot, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    hidden: int = 0
