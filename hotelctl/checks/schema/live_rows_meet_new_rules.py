"""DB010: the live rows meet the rules that pending migrations add."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Location, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.data_preflight import DataPreflight, Met
from hotelctl.facts.preflight import leaves_index


@check(
    "DB010",
    "The live rows meet the rules that pending migrations add",
    severity=Severity.CRITICAL,
    rationale="One row that breaks a rule ends the migration on the live database, after all tests passed.",
    remediation="Mend the rows in a migration before, or add the rule NOT VALID and clean up behind it.",
    stage=Stage.AUDIT,
)
def live_rows_meet_new_rules(preflight: DataPreflight) -> Iterator[Finding]:
    """A finding for each rule that rows stand in the way of, a milder one where they may be mended before.

    Raises:
        Unavailable: after them, when a question could not be answered.

    """
    for one in preflight.met:
        if one.rows:
            yield _finding(preflight, one)
    if preflight.doubts:
        raise Unavailable("; ".join(f"{what}: {why}" for what, why in preflight.doubts.items()))


def _finding(preflight: DataPreflight, one: Met) -> Finding:
    asked = one.question
    place = Location(asked.path, asked.line) if asked.path else None
    before = "; a statement before it changes rows there" if asked.question.mended else ""
    after = "; its index stays behind, invalid" if leaves_index(asked.sql) else ""
    rows = "1 row" if one.rows == 1 else f"{one.rows:,} rows"
    return Finding(
        subject=f"{asked.revision}: {asked.question.what}",
        message=f"{place or asked.revision}: {asked.question.what}: {rows} of {preflight.database}"
        f"{before}{after}",
        evidence=(QueryResult(preflight.database, asked.question.sql, 1, by_shape(rows)),),
        location=place,
        fix=f"{asked.question.rows};",
        severity=Severity.MEDIUM if asked.question.mended else None,
    )
