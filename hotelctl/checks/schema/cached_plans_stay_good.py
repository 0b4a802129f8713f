"""DB012: plans that live sessions keep stay good."""

import re
from collections.abc import Iterator
from dataclasses import replace

from hotelctl.checks.schema.of_run import findings, short
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.catalogue_change import ChangeKind
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun, WrittenHazard
from hotelctl.facts.old_code import OldCode
from hotelctl.facts.replay import StalePlan

_PROOFS = 3


@check(
    "DB012",
    "Plans that live sessions keep stay good",
    severity=Severity.MEDIUM,
    rationale=(
        "A session that prepared a statement before gets 'cached plan must not change result type' (0A000) "
        "afterwards, outside of a transaction until it reconnects."
    ),
    remediation="Name columns instead of SELECT *, and let sessions end their transactions, or connect anew.",
    stage=Stage.AUDIT,
)
def cached_plans_stay_good(run: MigrationRun, old: OldCode) -> Iterator[Finding]:
    """A finding for each column of another type; a new one counts where a statement asks for all columns.

    A session on the shadow that prepared statements before is the proof: what it is refused stands beside
    the column, or alone where no column of a table explains it. Without a release whose statements are
    known, a new column is taken to be asked for by nobody.
    """
    tables = {_bare(one.hazard.table) for one in run.of(HazardKind.CACHED_PLAN)}
    for one in run.stale:
        if not any(_names(one, table) for table in tables):
            yield _alone(one)
    for finding, hazard in zip(findings(run, _counting(run, old)), _counting(run, old), strict=False):
        yield _with_proofs(finding, _proofs(run, hazard))


def _counting(run: MigrationRun, old: OldCode) -> Iterator[WrittenHazard]:
    for one in run.of(HazardKind.CACHED_PLAN):
        if one.hazard.cause is not ChangeKind.COLUMN_ADDED or _asked(run, one, old):
            yield one


def _asked(run: MigrationRun, one: WrittenHazard, old: OldCode) -> bool:
    table = _bare(one.hazard.table)
    return any("*" in said.sql and table in said.sql for said in old.before) or any(
        "*" in stale.said and _names(stale, table) for stale in run.stale
    )


def _with_proofs(finding: Finding, proofs: tuple[QueryResult, ...]) -> Finding:
    if not proofs:
        return finding
    refused = f"; a session that had prepared it is refused: {proofs[0].statement}"
    return replace(finding, message=finding.message + refused, evidence=(*finding.evidence, *proofs))


def _proofs(run: MigrationRun, hazard: WrittenHazard) -> tuple[QueryResult, ...]:
    table = _bare(hazard.hazard.table)
    return tuple(_proof(one) for one in run.stale if _names(one, table))[:_PROOFS]


def _alone(one: StalePlan) -> Finding:
    return Finding(
        subject=short(one.said),
        message=f"a session that had prepared it is refused: {one.message} (0A000): {short(one.said)}",
        evidence=(_proof(one),),
        fix="let sessions that hold such statements connect anew",
    )


def _proof(one: StalePlan) -> QueryResult:
    return QueryResult("session of before", short(one.said), 0, by_shape(f"0A000 {one.message}"))


def _names(one: StalePlan, table: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(table)}(?!\w)", one.said) is not None


def _bare(table: str) -> str:
    return table.rpartition(".")[2].strip('"')
