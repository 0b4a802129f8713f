"""Reports made for tests: every status, evidence in a fake log, a deploy with its steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hotelctl.core.check import CheckInfo, Stage
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.report import (
    Bar,
    CheckResult,
    JudgedFinding,
    LockBar,
    LockTimeline,
    MeasuredTarget,
    Policy,
    Report,
    Status,
    StepResult,
    TimedStatement,
    Verdict,
    gate,
)
from hotelctl.core.waiver import Waiver
from hotelctl.render.document import Document, SignoffPart
from hotelctl.render.json import sealed

BEGAN = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
COMMIT = "3f2a91c0d5e84b7f9a6c1d2e3f4a5b6c7d8e9f00"
GIT: Mapping[str, Any] = {
    "commit": COMMIT,
    "branch": "main",
    "tag": "v0.1.0",
    "dirty": False,
    "shallow": False,
}


def info(rule: str, title: str = "Every required key is present", **changes: Any) -> CheckInfo:  # noqa: ANN401
    words = CheckInfo(
        rule,
        title,
        Severity.CRITICAL,
        "Without it the service starts and fails at the first request.",
        "Set the key in the environment's file.",
        ("https://12factor.net/config",),
        Stage.PREFLIGHT,
    )
    return replace(words, **changes)


def finding(
    subject: str = "DATABASE_URL",
    message: str = "is not set",
    fix: str = "echo 'DATABASE_URL=postgresql://...' >> .env.local",
    path: str = ".env.local",
    severity: Severity = Severity.CRITICAL,
    evidence: tuple[str, ...] = ("ev-0002",),
) -> JudgedFinding:
    excerpt = FileExcerpt(path, 3, by_shape("DATABASE_URL="))
    found = Finding(subject, message, (excerpt,), Location(path, 3), fix)
    return JudgedFinding(found, severity, evidence)


def covered(found: JudgedFinding, by: Waiver) -> JudgedFinding:
    return replace(found, waiver=by)


def waiver(rule: str = "BLD003", **changes: Any) -> Waiver:  # noqa: ANN401 - any field of a waiver
    held: dict[str, Any] = {
        "place": "waivers.toml:1",
        "rule": rule,
        "scope": "key",
        "target": "build",
        "reason": "the builder is replaced next week",
        "owner": "ana",
        "approved_by": "bela",
        "ticket": "OPS-17",
        "created": date(2026, 2, 20),
        "expires": date(2026, 3, 20),
    }
    return Waiver(**held | changes)


@dataclass(frozen=True)
class Outcome:
    status: Status
    title: str = "Every required key is present"
    reason: str | None = None
    findings: tuple[JudgedFinding, ...] = ()
    evidence: tuple[str, ...] = ("ev-0001",)
    words: Mapping[str, Any] = field(default_factory=dict)
    cached: datetime | None = None
    left_out: str = ""


EVERY_STATUS: Mapping[str, Outcome] = {
    "ENV001": Outcome(Status.FAILED, findings=(finding(),)),
    "ENV005": Outcome(
        Status.WARNED,
        "Every key is known to the contract",
        findings=(
            finding(
                "DATABSE_URL",
                "is unknown; did you mean DATABASE_URL?",
                "sed -i 's/^DATABSE_URL=/DATABASE_URL=/' .env.local",
                severity=Severity.LOW,
                evidence=("ev-0003",),
            ),
        ),
    ),
    "ENV012": Outcome(Status.PASSED, "Secrets are long and not guessable"),
    "DB001": Outcome(
        Status.UNKNOWN, "The database answers", "connection to 10.1.2.3:5432 refused", evidence=()
    ),
    "TST001": Outcome(Status.SKIPPED, "Tests ran", "asked for: --skip tests", evidence=()),
    "BLD003": Outcome(
        Status.WAIVED,
        "The wheel builds from a clean export",
        waiver().told(),
        findings=(covered(finding("build", "exit code 1", path="pyproject.toml"), waiver()),),
    ),
    "OPS008": Outcome(
        Status.NOT_APPLICABLE, "The previous artifact exists", "nothing is deployed yet", evidence=()
    ),
}

NOTHING_BLOCKS: Mapping[str, Outcome] = {
    **EVERY_STATUS,
    "ENV001": Outcome(Status.WARNED, findings=(finding(severity=Severity.MEDIUM),)),
}
"""The same, and what failed is milder: ready with notes."""

KEPT_SINCE = "2026-03-01T11:00:00.000Z"
WITH_KEPT: Mapping[str, Outcome] = {
    **EVERY_STATUS,
    "ENV012": replace(EVERY_STATUS["ENV012"], cached=BEGAN - timedelta(hours=1)),
    "ENV005": replace(EVERY_STATUS["ENV005"], cached=BEGAN - timedelta(hours=1)),
}
"""The same, and two of the checks stand on answers that an earlier command had."""

LEFT_OUT = "1 finding left out, known from base.json: .env:3"
NARROWED: Mapping[str, Outcome] = {
    **EVERY_STATUS,
    "ENV012": replace(EVERY_STATUS["ENV012"], left_out=LEFT_OUT),
}
"""The same, and one of the checks has a finding that did not count."""


MEASURED = MeasuredTarget(
    "api_p95",
    0.2,
    "s",
    0.031,
    2000,
    Status.PASSED,
    ("ev-0001",),
    detail="between 30.5 ms and 31.4 ms",
    bars=(Bar(0.01, 0.02, 1500), Bar(0.02, 0.04, 499), Bar(None, None, 1)),
)


_ALL_WAIT = LockBar("public.notes", "reads and writes", "ACCESS EXCLUSIVE", 9.5, 10.0, 4, 4)
LOCKS = LockTimeline(
    10.0,
    (
        TimedStatement("CREATE INDEX by_text ON notes (text)", 1, 0.0, 1.0, Location("migrations/3.sql", 2)),
        TimedStatement("ALTER TABLE notes ADD stamp date", 1, 1.0, 1.5, Location("migrations/3.sql", 4)),
        TimedStatement("UPDATE notes SET stamp = now()", 1, 1.5, 9.5, Location("migrations/3.sql", 6)),
        TimedStatement("ALTER TABLE notes DROP text", 2, 9.5, 10.0),
    ),
    (
        LockBar("public.notes", "writes", "SHARE", 0.0, 1.0, 1, 1, Location("migrations/3.sql", 2)),
        replace(
            _ALL_WAIT, start_ms=1.0, end_ms=9.5, statement=2, last=3, place=Location("migrations/3.sql", 4)
        ),
        _ALL_WAIT,
    ),
    ("ev-0001",),
)
"""Two transactions on one table: writers wait, then everybody, then everybody anew."""
KEPT_LOCKS = replace(LOCKS, cached=BEGAN - timedelta(hours=1))
"""The same as an earlier command had it."""


def locks_of(tables: int) -> LockTimeline:
    """One statement after the other, each on a table of its own until the end of all."""
    statements = tuple(
        TimedStatement(f"ALTER TABLE t{n} ADD x int", 1, n - 1.0, n, Location("migrations/4.sql", n))
        for n in range(1, tables + 1)
    )
    bars = tuple(
        LockBar(
            *(f"public.t{n}", "reads and writes", "ACCESS EXCLUSIVE", n - 1.0, float(tables), n, tables),
            Location("migrations/4.sql", n),
        )
        for n in range(1, tables + 1)
    )
    return LockTimeline(float(tables), statements, bars, ("ev-0001",))


def result(rule: str, outcome: Outcome) -> CheckResult:
    words = info(rule, outcome.title, **outcome.words)
    said = (outcome.evidence, outcome.findings, outcome.reason, outcome.cached, outcome.left_out)
    return CheckResult(words, outcome.status, 0.25, *said)


def report(
    outcomes: Mapping[str, Outcome] = EVERY_STATUS,
    policy: Policy | None = None,
    steps: Sequence[StepResult] = (),
    **changes: Any,  # noqa: ANN401 - any field of a report
) -> Report:
    results = tuple(result(rule, outcome) for rule, outcome in outcomes.items())
    policy = policy or Policy()
    made = Report(
        id="20260301T120000Z-3f2a91c0d5e8",
        kind="deploy" if steps else "validate",
        hotelctl_version="0.1.0",
        service={"name": "hotel-assistant", "version": "0.1.0"},
        git=GIT,
        environment="local",
        profile="ci",
        started_at=BEGAN,
        finished_at=BEGAN + timedelta(seconds=3.25),
        verdict=Verdict.DEPLOYED if steps else gate(results, policy),
        results=results,
        policy=policy,
        steps=tuple(steps),
        next_steps=("hotelctl explain ENV001",),
        evidence_head="sha256:" + "ab" * 32,
    )
    return replace(made, **changes)


def document(*args: Any, **changes: Any) -> Document:  # noqa: ANN401 - as `report`
    return sealed(report(*args, **changes), by_shape)


def signoff(document: Document, **changes: str) -> SignoffPart:
    words = {"name": "bela@example.org", "role": "operations", "at": "2026-03-01T13:00:00.000Z"}
    return SignoffPart(**{**words, "digest": document.digest, "signature": "none", **changes})


STEP_NAMES = (
    "lock",
    "preflight",
    "test",
    "build",
    "backup",
    "prove",
    "migrate",
    "stage",
    "switch",
    "finish",
)


def steps(failed_at: int | None = None) -> tuple[StepResult, ...]:
    def word(n: int) -> str:
        if failed_at is None or n < failed_at:
            return "done"
        return "failed" if n == failed_at else "planned"

    return tuple(
        StepResult(n, name, word(n), BEGAN, 0.5 * n, f"what {name} did", ("ev-0001",))
        for n, name in enumerate(STEP_NAMES, start=1)
    )
