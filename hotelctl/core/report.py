"""A report: sections of judged checks, deploy steps, and the verdict that follows from them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from hotelctl.core.check import SECTIONS, CheckInfo
from hotelctl.core.finding import Finding, Location, Severity
from hotelctl.core.waiver import Waiver


class Status(StrEnum):
    """What became of a check or a section. UNKNOWN is never green."""

    PASSED = "pass"
    WARNED = "warn"
    FAILED = "fail"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"


_UNDECIDED = (Status.UNKNOWN, Status.SKIPPED, Status.NOT_APPLICABLE)
WORST_FIRST = (
    Status.FAILED,
    Status.UNKNOWN,
    Status.WARNED,
    Status.WAIVED,
    Status.SKIPPED,
    Status.PASSED,
    Status.NOT_APPLICABLE,
)
"""The order in which a section shows the worst of its checks."""


class Verdict(StrEnum):
    """The one word on top of a report."""

    READY = "ready"
    READY_WITH_NOTES = "ready_with_notes"
    BLOCKED = "blocked"
    UNVERIFIED = "unverified"
    DEPLOYED = "deployed"
    ROLLED_BACK = "rolled_back"
    STOPPED = "stopped"
    FROZEN = "frozen"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class JudgedFinding:
    """A finding as reported: its effective severity, its evidence records' ids, and who answers for it."""

    finding: Finding
    severity: Severity
    evidence: tuple[str, ...]
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check's outcome.

    `cached` is when the oldest kept answer that it stands on was had, None for none that was kept.
    `left_out` says in words which findings did not count in this run; empty where all did.

    Raises:
        ValueError: it passed without any evidence record or with findings, failed or warns without
            a finding that counts, is waived with one, or is undecided without a reason.

    """

    info: CheckInfo
    status: Status
    duration_s: float
    evidence: tuple[str, ...] = ()
    findings: tuple[JudgedFinding, ...] = ()
    reason: str | None = None
    cached: datetime | None = None
    left_out: str = ""

    def __post_init__(self) -> None:
        """Nothing is green that was not measured; nothing is undecided without a reason."""
        if self.status is Status.PASSED and not self.evidence:
            msg = f"{self.info.id} passed without an evidence record"
            raise ValueError(msg)
        counting = self.counting()
        holds = {
            Status.PASSED: not self.findings,
            Status.WAIVED: bool(self.findings) and not counting,
            Status.FAILED: bool(counting),
            Status.WARNED: bool(counting),
        }
        if not holds.get(self.status, True):
            count = len(self.findings)
            msg = f"{self.info.id} is {self.status} with {count} findings, {len(counting)} of which count"
            raise ValueError(msg)
        if self.status in (*_UNDECIDED, Status.WAIVED) and not self.reason:
            msg = f"{self.info.id} is {self.status} without a reason"
            raise ValueError(msg)

    def counting(self) -> tuple[JudgedFinding, ...]:
        """The findings that nobody waived."""
        return tuple(one for one in self.findings if one.waiver is None)


@dataclass(frozen=True, slots=True)
class StepResult:
    """One deploy step as the journal tells it; `status` is done, failed, undone, running or planned."""

    n: int
    name: str
    status: str
    started_at: datetime | None
    duration_s: float
    summary: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """How many latencies were from `from_s` on and below `to_s`; None for both are requests that failed."""

    from_s: float | None
    to_s: float | None
    count: int


@dataclass(frozen=True, slots=True)
class MeasuredTarget:
    """One performance target and what was measured of it, None where nothing was; `n` is the sample.

    `detail` says in words how sure it is and how it was measured, `bars` are the latencies behind it.
    """

    metric: str
    target: float
    unit: str
    measured: float | None
    n: int
    status: Status
    evidence: tuple[str, ...]
    detail: str = ""
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class TimedStatement:
    """One statement of a migration as it was sent, in which transaction from 1, and where it is written."""

    sql: str
    transaction: int
    start_ms: float
    end_ms: float
    place: Location | None = None


@dataclass(frozen=True, slots=True)
class LockBar:
    """From when to when `waits`, such as `reads and writes`, of a table are kept waiting, and by which lock.

    `statement` and `last` are the first and the last statement under it, by their numbers from 1; the first
    took the lock and stands at `place`.
    """

    table: str
    waits: str
    mode: str
    start_ms: float
    end_ms: float
    statement: int
    last: int
    place: Location | None = None


@dataclass(frozen=True, slots=True)
class LockTimeline:
    """Whom a migration keeps waiting, measured on a shadow with made-up rows.

    Time is that of the statements alone, one after the other. Order and overlap of the bars are those of a
    live table, their length is not. `stopped` is why the run ended before its last statement, else empty.
    `cached` is when an earlier command had it, if one did.
    """

    total_ms: float
    statements: tuple[TimedStatement, ...]
    bars: tuple[LockBar, ...]
    evidence: tuple[str, ...] = ()
    stopped: str = ""
    cached: datetime | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What blocks: findings at or above `fail_on`; which undecided checks leave it unverified."""

    fail_on: Severity = Severity.HIGH
    required: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the writers render. Times are aware UTC."""

    id: str
    kind: str
    hotelctl_version: str
    service: Mapping[str, str]
    git: Mapping[str, Any]
    environment: str
    profile: str
    started_at: datetime
    finished_at: datetime
    verdict: Verdict
    results: tuple[CheckResult, ...]
    policy: Policy = field(default_factory=Policy)
    steps: tuple[StepResult, ...] = ()
    next_steps: tuple[str, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)
    evidence_head: str = ""
    performance: tuple[MeasuredTarget, ...] = ()
    lock_timeline: LockTimeline | None = None

    def section(self, name: str) -> tuple[CheckResult, ...]:
        """The results of one section, in order of their ids."""
        return tuple(sorted((r for r in self.results if r.info.section == name), key=_by_id))

    def sections(self) -> tuple[str, ...]:
        """The sections that have results, in the order of the report."""
        present = {result.info.section for result in self.results}
        return tuple(name for name in SECTIONS if name in present)

    def waivers(self) -> tuple[Waiver, ...]:
        """The waivers that cover a finding of this report."""
        used = (f.waiver for result in self.results for f in result.findings if f.waiver is not None)
        return tuple(dict.fromkeys(used))

    def summary(self) -> dict[str, int]:
        """How many checks ended in which status; `checks` is the total."""
        counts = Counter(result.status for result in self.results)
        return {"checks": len(self.results)} | {s.value: counts[s] for s in Status}


def _by_id(result: CheckResult) -> tuple[str, int]:
    prefix = result.info.id.rstrip("0123456789")
    return prefix, int(result.info.id[len(prefix) :])


def worst(statuses: Iterable[Status]) -> Status:
    """The status that a section shows; NOT_APPLICABLE for none at all."""
    found = set(statuses)
    return next((s for s in WORST_FIRST if s in found), Status.NOT_APPLICABLE)


def weighed(findings: Sequence[JudgedFinding], fail_on: Severity) -> Status:
    """What at least one finding makes of its check: failed at or above `fail_on`, else warned."""
    return Status.FAILED if max(one.severity for one in findings) >= fail_on else Status.WARNED


def doubted(findings: Sequence[JudgedFinding], fail_on: Severity) -> Status:
    """What a check is that judged only a part: failed when that is enough to fail it, else unknown."""
    counting = [one for one in findings if one.waiver is None]
    failed = bool(counting) and weighed(counting, fail_on) is Status.FAILED
    return Status.FAILED if failed else Status.UNKNOWN


def blocking(results: Sequence[CheckResult], policy: Policy) -> tuple[JudgedFinding, ...]:
    """The findings that hold a release back under `policy`, worst first."""
    open_results = (r for r in results if r.status in (Status.FAILED, Status.WARNED))
    found = (f for r in open_results for f in r.counting() if f.severity >= policy.fail_on)
    return tuple(sorted(found, key=lambda item: -item.severity))


def gate(results: Sequence[CheckResult], policy: Policy) -> Verdict:
    """The verdict of checks alone: blocked, unverified, ready with notes, or ready."""
    if blocking(results, policy):
        return Verdict.BLOCKED
    decided = {r.info.id for r in results if r.status not in (Status.UNKNOWN, Status.SKIPPED)}
    if policy.required - decided:
        return Verdict.UNVERIFIED
    passed = worst(r.status for r in results) is Status.PASSED
    return Verdict.READY if passed else Verdict.READY_WITH_NOTES
