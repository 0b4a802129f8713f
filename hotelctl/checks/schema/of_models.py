"""Findings of what stands between the models of the serving release and the coming schema."""

from collections.abc import Iterator

from hotelctl.core.finding import Finding, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.migration_run import MigrationRun
from hotelctl.facts.old_code import OldCode
from hotelctl.facts.old_model import Gap

SPLIT = "expand now: keep what the serving release uses;\ncontract in the release after this one"


def certain_at(table: str, sqlstate: str, gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """Those that no value mends, at the table of that bare name and refused in that way."""
    return tuple(one for one in gaps if one.certain and (one.bare, one.sqlstate) == (table, sqlstate))


def gap_findings(gaps: tuple[Gap, ...], run: MigrationRun, old: OldCode) -> Iterator[Finding]:
    """One for each gap of which no statement tells already: those that are not certain only tighten."""
    told = _told(run, old)
    for one in gaps:
        if not any(code == one.sqlstate and one.bare in words for code, words in told):
            yield Finding(
                subject=f"models: {one.words}",
                message=_message(one),
                evidence=(QueryResult("throw-away", "compare_metadata", 0, by_shape(one.words)),),
                fix=SPLIT,
                severity=Severity.HIGH if one.certain else Severity.LOW,
            )


def _told(run: MigrationRun, old: OldCode) -> set[tuple[str, str]]:
    """Code and words of each statement that is refused."""
    said = {(one.sqlstate, one.sql) for one in old.refused}
    replayed = {(one.after.sqlstate, one.said) for one in run.replayed.broken}
    promised = {(one.after.sqlstate, one.statement.relation) for one in run.broken}
    return said | replayed | promised


def _message(one: Gap) -> str:
    if one.certain:
        return f"the models of the serving release do not fit the coming schema: {one.words}"
    return f"tightens what the models of the serving release allow: {one.words}"
