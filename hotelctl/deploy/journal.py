"""The write-ahead journal of one operation, and the fold that tells where it stands.

Intent before the act, effect as soon as something outside changed, done or fail after it. The
state of an operation is a pure function of its records: that is all of crash recovery.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hotelctl.core.errors import HotelctlError, Interrupted, Locked
from hotelctl.core.ports import AppendLog, Clock

_WORDS = frozenset({"message", "hint", "summary", "notes"})
_SWITCH = "switch"
TRAFFIC = "traffic"
"""The key of the effects that tell where all traffic went: a release's id, empty for nowhere."""
_BACK = "; hotelctl rollback goes back afterwards"


class Kind(StrEnum):
    """What a record says of its step."""

    NOTE = "note"
    INTENT = "intent"
    EFFECT = "effect"
    DONE = "done"
    FAIL = "fail"
    UNDO = "undo"
    UNDONE = "undone"
    ABORT = "abort"
    OUTCOME = "outcome"


class Outcome(StrEnum):
    """How an operation ended; STOPPED: taken back before anything visible changed."""

    SUCCEEDED = "succeeded"
    STOPPED = "stopped"
    ROLLED_BACK = "rolled_back"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the journal. `attempt` counts a step's intents from 1."""

    step: str
    kind: Kind
    data: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    attempt: int = 0
    fence: int = 0
    ts_utc: str = ""
    seq: int = 0

    def to_json(self) -> dict[str, Any]:
        """The fields that the chain does not add itself."""
        return {
            "step": self.step,
            "kind": self.kind.value,
            "data": dict(self.data),
            "evidence": list(self.evidence),
            "attempt": self.attempt,
            "fence": self.fence,
            "ts_utc": self.ts_utc,
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Record":
        """The record of one line. Raises `KeyError` or `ValueError` for a foreign line."""
        return cls(
            step=raw["step"],
            kind=Kind(raw["kind"]),
            data=raw["data"],
            evidence=tuple(raw["evidence"]),
            attempt=raw["attempt"],
            fence=raw["fence"],
            ts_utc=raw["ts_utc"],
            seq=raw["seq"],
        )


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an operation turned back; `frozen` when it may not even do that."""

    step: str
    message: str
    hint: str = ""
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an operation stands. `done` holds each finished step's data."""

    header: Mapping[str, Any] = field(default_factory=dict)
    begun: tuple[str, ...] = ()
    done: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    effects: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    undone: frozenset[str] = frozenset()
    attempts: Mapping[str, int] = field(default_factory=dict)
    failure: Failure | None = None
    aborted: bool = False
    outcome: Outcome | None = None

    @property
    def current(self) -> str | None:
        """The step that was begun last and is neither done nor undone."""
        open_steps = [s for s in self.begun if s not in self.done and s not in self.undone]
        return open_steps[-1] if open_steps else None

    @property
    def only_forward(self) -> bool:
        """Once the switch is finished; where nobody knew what served before, as soon as it may have begun."""
        begun = bool(self.header.get("diverged") and self.effects.get(_SWITCH))
        return begun or _SWITCH in self.done

    @property
    def ways_on(self) -> str:
        """The commands that lead an unfinished operation to its end, in one line for people."""
        if self.only_forward:
            back = "" if self.header.get("operation") == "rollback" else _BACK
            return f"it can only go on: hotelctl resume{back}"
        if self.aborted or self.failure is not None:
            return "hotelctl resume goes on taking it back"
        return "hotelctl resume goes on, hotelctl abort takes it back"

    def effect(self, step: str, key: str) -> Any:  # noqa: ANN401 - data of a step
        """The newest value of `key` among a step's effects, None when there is none."""
        found = (e[key] for e in reversed(self.effects.get(step, ())) if key in e)
        return next(found, None)


def fold(records: Iterable[Record]) -> Progress:
    """The progress that `records` add up to."""
    state = _Folding()
    for record in records:
        state.take(record)
    return state.progress()


class _Folding:
    """The fold's own state: dictionaries while it runs, one frozen value at its end."""

    def __init__(self) -> None:
        self.header: Mapping[str, Any] = {}
        self.begun: dict[str, None] = {}
        self.done: dict[str, Mapping[str, Any]] = {}
        self.effects: dict[str, tuple[Mapping[str, Any], ...]] = {}
        self.undone: set[str] = set()
        self.attempts: dict[str, int] = {}
        self.failure: Failure | None = None
        self.aborted = False
        self.outcome: Outcome | None = None

    def take(self, record: Record) -> None:
        step, data = record.step, record.data
        match record.kind:
            case Kind.NOTE if not self.header and not step:
                self.header = data
            case Kind.INTENT:
                self.begun[step] = None
                self.attempts[step] = record.attempt
            case Kind.EFFECT:
                self.effects[step] = (*self.effects.get(step, ()), data)
            case Kind.DONE:
                self.done[step] = data
            case Kind.FAIL:
                self.failure = _failure(step, data, self.failure)
            case Kind.UNDONE:
                self.undone.add(step)
            case Kind.ABORT:
                self.aborted = True
            case Kind.OUTCOME:
                self.outcome = Outcome(data["outcome"])
            case _:
                pass

    def progress(self) -> Progress:
        return Progress(
            self.header,
            tuple(self.begun),
            self.done,
            self.effects,
            frozenset(self.undone),
            self.attempts,
            self.failure,
            self.aborted,
            self.outcome,
        )


def _failure(step: str, data: Mapping[str, Any], former: Failure | None) -> Failure:
    frozen = bool(data.get("frozen")) or (former is not None and former.frozen)
    return Failure(step, str(data.get("message", "")), str(data.get("hint", "")), frozen)


class Journal:
    """Typed records over one durable hash-chained file; threads append one after the other.

    Words for people pass through `redact`; ids and names, which a later command compares, do not.
    """

    def __init__(
        self,
        log: AppendLog,
        clock: Clock,
        fence: int,
        around: Callable[[int, bool], None] | None = None,
        redact: Callable[[str], str] = str,
    ) -> None:
        """Go on after the records that `log` holds; `around(n, durable)` frames every append."""
        self._log = log
        self._redact = redact
        self._clock = clock
        self._fence = fence
        self._around = around or (lambda _number, _durable: None)
        self._guard = threading.RLock()
        self._records = [Record.from_json(raw) for raw in log.records()]

    @property
    def fence(self) -> int:
        """The number that every mutation of this run carries."""
        return self._fence

    def append(
        self, step: str, kind: Kind, data: Mapping[str, Any] | None = None, evidence: Iterable[str] = ()
    ) -> Record:
        """The record as it stands on the disk when this returns."""
        with self._guard:
            return self._appended(step, kind, data or {}, evidence)

    def _appended(self, step: str, kind: Kind, data: Mapping[str, Any], evidence: Iterable[str]) -> Record:
        attempt = self.progress().attempts.get(step, 0) + (kind is Kind.INTENT)
        said = {key: self._clean(value) if key in _WORDS else value for key, value in data.items()}
        record = Record(
            step, kind, said, tuple(evidence), attempt, self._fence, self._clock.now().isoformat()
        )
        number = len(self._records) + 1
        self._around(number, False)  # noqa: FBT003 - before and after one write
        written = Record.from_json(self._written(record))
        self._records.append(written)
        self._around(number, True)  # noqa: FBT003 - before and after one write
        return written

    def _clean(self, words: Any) -> Any:  # noqa: ANN401 - a text, or a list of them
        return (
            [self._redact(str(one)) for one in words] if isinstance(words, list) else self._redact(str(words))
        )

    def _written(self, record: Record) -> dict[str, Any]:
        try:
            return self._log.append(record.to_json())
        except HotelctlError as error:
            if not self._records or isinstance(error, Locked | Interrupted):
                raise
            raise Interrupted(
                f"the journal cannot be written, so nothing more is done: {error.message}",
                f"{error.hint or 'mend that'}; then {self.progress().ways_on}",
            ) from error

    def records(self) -> tuple[Record, ...]:
        """All records, oldest first."""
        return tuple(self._records)

    def progress(self) -> Progress:
        """Where the operation stands now."""
        return fold(self._records)
