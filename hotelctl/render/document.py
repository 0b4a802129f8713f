"""The report as it is written to `report.json`: every writer and the verifier work on this one shape."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Literal

from pydantic import Field, field_validator

from hotelctl.core.check import SECTIONS, Stage
from hotelctl.core.finding import Severity
from hotelctl.core.report import (
    CheckResult,
    JudgedFinding,
    MeasuredTarget,
    Report,
    Status,
    StepResult,
    Verdict,
    worst,
)
from hotelctl.core.waiver import Scope, Waiver
from hotelctl.render.lock_part import LockTimelinePart, lock_part
from hotelctl.render.part import Part, Place, Redact, place_part
from hotelctl.render.words import kept_since, moment

SCHEMA: Literal["hotelctl.report/1"] = "hotelctl.report/1"
NOT_RUN = "not run"
ENDING = "ending"
"""The fact that says in one sentence how an operation ended."""
SeverityWord = Literal["info", "low", "medium", "high", "critical"]
Kind = Literal["validate", "deploy", "rollback", "verify", "rehearse"]
# What people call a commit: free texts among the facts of git.
_NAMES = ("branch", "tag")


class WaiverPart(Part):
    """Who answers for which findings of a check until when; `place` is where the waiver stands."""

    place: str
    rule: str
    scope: Scope
    target: str
    reason: str
    owner: str
    approved_by: str
    ticket: str
    created: date
    expires: date
    # Left out where there is none, as in reports that were written before they were told.
    rotated: date | None = Field(default=None, exclude_if=lambda value: value is None)
    rotation: str = Field(default="", exclude_if=lambda value: not value)
    no_secret: str = Field(default="", exclude_if=lambda value: not value)


class FindingPart(Part):
    """One thing that is wrong; `waiver` is the place of the waiver that covers it."""

    subject: str
    message: str
    severity: SeverityWord
    location: Place | None
    fix: str
    fingerprint: str
    evidence: tuple[str, ...]
    # Left out where there is none: reports that were written before there were waivers stay as they are.
    waiver: str | None = Field(default=None, exclude_if=lambda value: value is None)


class CheckPart(Part):
    """One judged check, with its words so that the report reads without the code."""

    id: str
    title: str
    severity: SeverityWord
    stage: Stage
    status: Status
    duration_s: float
    reason: str | None
    rationale: str
    remediation: str
    references: tuple[str, ...]
    evidence: tuple[str, ...]
    findings: tuple[FindingPart, ...]
    # When the oldest answer that it stands on was had, if an earlier command had it; else left out.
    cached: str | None = Field(default=None, exclude_if=lambda value: value is None)
    # Which findings did not count in this run, in words.
    left_out: str | None = Field(default=None, exclude_if=lambda value: value is None)
    digest: str = ""

    def notes(self) -> tuple[tuple[str, str], ...]:
        """What is to be said of how it was judged, each with a word for it."""
        kept = (("cached", kept_since(self.cached)),) if self.cached else ()
        return (*kept, *((("left out", self.left_out),) if self.left_out else ()))

    def marks(self) -> dict[str, str]:
        """The same for programs, by the names of the fields."""
        return {name: value for name in ("cached", "left_out") if (value := getattr(self, name))}


class SectionPart(Part):
    """A section; one without checks is `skipped` and says why."""

    id: str
    title: str
    status: Status
    reason: str | None
    checks: tuple[CheckPart, ...]


class StepPart(Part):
    """One step of a deploy as the journal tells it."""

    n: int
    name: str
    status: str
    started_at: str | None
    duration_s: float
    summary: str
    evidence: tuple[str, ...]
    digest: str = ""


class BarPart(Part):
    """How many latencies lay between both; without either, how many requests failed."""

    from_s: float | None
    to_s: float | None
    count: int


class MeasuredPart(Part):
    """One performance target and what was measured."""

    metric: str
    target: float
    unit: str
    measured: float | None
    n: int
    status: Status
    evidence: tuple[str, ...]
    # Left out where there is none, as in reports that were written before they were told.
    detail: str = Field(default="", exclude_if=lambda value: not value)
    bars: tuple[BarPart, ...] = Field(default=(), exclude_if=lambda value: not value)


class PolicyPart(Part):
    """What blocks, and which checks must have given a verdict."""

    fail_on: SeverityWord
    required: tuple[str, ...]


class SignoffPart(Part):
    """Who answers for the report of this `digest`, and in which role; `signature` is armoured."""

    name: str
    role: str
    at: str
    digest: str
    signature: str


class VersionPart(Part):
    """Which hotelctl wrote it."""

    version: str


class ServicePart(Part):
    """Which service it is about."""

    name: str
    version: str


class GitPart(Part):
    """Which sources it is about."""

    commit: str
    branch: str | None
    tag: str | None
    dirty: bool
    shallow: bool


class Document(Part):
    """The whole report. `digest` is over everything else but the sign-offs, which are for this digest.

    `evidence_head` ties it to its evidence.
    """

    schema_: Literal["hotelctl.report/1"] = Field(default=SCHEMA, alias="schema")
    id: str
    kind: Kind
    hotelctl: VersionPart
    service: ServicePart
    git: GitPart
    environment: str
    profile: str
    started_at: str
    finished_at: str
    duration_s: float
    verdict: Verdict
    policy: PolicyPart
    summary: dict[str, int]
    sections: tuple[SectionPart, ...]
    steps: tuple[StepPart, ...]
    performance: tuple[MeasuredPart, ...]
    # Left out where there is none, as in reports that were written before there was any.
    lock_timeline: LockTimelinePart | None = Field(default=None, exclude_if=lambda value: value is None)
    waivers: tuple[WaiverPart, ...]
    next_steps: tuple[str, ...]
    signoffs: tuple[SignoffPart, ...]
    facts: dict[str, str]
    evidence_head: str
    digest: str = ""

    @field_validator("summary")
    @classmethod
    def _counts_every_status(cls, value: dict[str, int]) -> dict[str, int]:
        if value.keys() != {"checks", *Status}:
            raise ValueError("does not count every status once")
        return value

    def checks(self) -> tuple[CheckPart, ...]:
        """All checks in the order of the sections."""
        return tuple(check for section in self.sections for check in section.checks)


class _Maker:
    """Takes a report apart; every free text passes through `redact` on its way."""

    def __init__(self, redact: Redact) -> None:
        self._redact = redact

    def text(self, foreign: str) -> str:
        return self._redact(foreign.encode("utf-8", "backslashreplace").decode())

    def texts(self, foreign: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(self.text, foreign))

    def finding(self, judged: JudgedFinding, check_id: str) -> FindingPart:
        found = judged.finding
        place = found.location
        return FindingPart(
            subject=self.text(found.subject),
            message=self.text(found.message),
            severity=_word(judged.severity),
            location=None if place is None else place_part(place, self.text),
            fix=self.text(found.fix),
            fingerprint=found.fingerprint(check_id),
            evidence=judged.evidence,
            waiver=judged.waiver.place if judged.waiver else None,
        )

    def waiver(self, waiver: Waiver) -> WaiverPart:
        return WaiverPart.model_validate(
            {k: self.text(v) if isinstance(v, str) else v for k, v in asdict(waiver).items()}
        )

    def check(self, result: CheckResult) -> CheckPart:
        info = result.info
        return CheckPart(
            id=info.id,
            title=info.title,
            severity=_word(info.severity),
            stage=info.stage,
            status=result.status,
            duration_s=round(result.duration_s, 3),
            reason=None if result.reason is None else self.text(result.reason),
            rationale=info.rationale,
            remediation=info.remediation,
            references=info.references,
            evidence=result.evidence,
            findings=tuple(self.finding(one, info.id) for one in result.findings),
            cached=None if result.cached is None else moment(result.cached),
            left_out=self.text(result.left_out) if result.left_out else None,
        )

    def section(self, report: Report, name: str) -> SectionPart:
        results = report.section(name)
        return SectionPart(
            id=name,
            title=SECTIONS[name],
            status=worst(r.status for r in results) if results else Status.SKIPPED,
            reason=None if results else NOT_RUN,
            checks=tuple(map(self.check, results)),
        )

    def step(self, step: StepResult) -> StepPart:
        return StepPart(
            n=step.n,
            name=step.name,
            status=step.status,
            started_at=None if step.started_at is None else moment(step.started_at),
            duration_s=round(step.duration_s, 3),
            summary=self.text(step.summary),
            evidence=step.evidence,
        )

    def measured(self, row: MeasuredTarget) -> MeasuredPart:
        words = {"metric": self.text(row.metric), "detail": self.text(row.detail)}
        return MeasuredPart.model_validate({**asdict(row), **words})

    def document(self, report: Report) -> Document:
        named = {name: self.text(str(text)) for name in _NAMES if (text := report.git.get(name)) is not None}
        return Document.model_validate(
            {
                "id": report.id,
                "kind": report.kind,
                "hotelctl": VersionPart(version=report.hotelctl_version),
                "service": dict(report.service),
                "git": {"branch": None, "tag": None, "shallow": False, **report.git, **named},
                "environment": report.environment,
                "profile": report.profile,
                "started_at": moment(report.started_at),
                "finished_at": moment(report.finished_at),
                "duration_s": round((report.finished_at - report.started_at).total_seconds(), 3),
                "verdict": report.verdict,
                "policy": _policy(report),
                "summary": report.summary(),
                "sections": tuple(self.section(report, name) for name in SECTIONS),
                "steps": tuple(map(self.step, report.steps)),
                "performance": tuple(map(self.measured, report.performance)),
                "lock_timeline": report.lock_timeline and lock_part(report.lock_timeline, self.text),
                "waivers": tuple(map(self.waiver, report.waivers())),
                "next_steps": self.texts(report.next_steps),
                "signoffs": (),
                "facts": {key: self.text(value) for key, value in report.facts.items()},
                "evidence_head": report.evidence_head,
            }
        )


def _word(severity: Severity) -> SeverityWord:
    words: dict[Severity, SeverityWord] = {
        Severity.INFO: "info",
        Severity.LOW: "low",
        Severity.MEDIUM: "medium",
        Severity.HIGH: "high",
        Severity.CRITICAL: "critical",
    }
    return words[severity]


def _policy(report: Report) -> PolicyPart:
    return PolicyPart(fail_on=_word(report.policy.fail_on), required=tuple(sorted(report.policy.required)))


def document(report: Report, redact: Redact) -> Document:
    """What is written of `report`, its free texts redacted, without digests yet."""
    return _Maker(redact).document(report)
