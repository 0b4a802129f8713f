"""DB011: the release that serves runs on the coming schema."""

from collections.abc import Iterator

from hotelctl.checks.schema.of_models import SPLIT, certain_at, gap_findings
from hotelctl.checks.schema.of_run import require_taken, short
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.implied_statements import Broken
from hotelctl.facts.migration_run import MigrationRun
from hotelctl.facts.old_code import OldCode
from hotelctl.facts.replay import BrokenReplay, Replayed

_PROOFS = 5


@check(
    "DB011",
    "The release that serves runs on the coming schema",
    severity=Severity.CRITICAL,
    rationale=(
        "From the migration to the switch, and after a rollback, the old release works on the new schema: "
        "what it asks must still be answered."
    ),
    remediation="Expand first and contract one release later; keep old names as views or generated columns.",
    stage=Stage.AUDIT,
)
def old_release_runs(run: MigrationRun, old: OldCode) -> Iterator[Finding]:
    """A finding for each statement of the serving release that is refused behind the migrations.

    They are those of its smoke workflows, and those that its own tests asked. What neither asks is judged by
    the plainest statements that its schema promises to answer, and by its models where Alembic compares them.

    Raises:
        Unavailable: after them, when the serving release could not be tried itself, what its tests asked
            cannot be read, its models cannot be compared, or live rows may let run what did not run here.

    """
    yield from _proven(old)
    told = {(one.sqlstate, one.message) for one in old.refused}
    for ends, asked in _replays(run.replayed.broken).items():
        if ends not in told:
            yield _replayed(asked, run.replayed)
    gaps = old.model.gaps if old.model else ()
    for group in _alike(run.broken):
        yield _implied(group, old, run.replayed)
    yield from gap_findings(gaps, run, old)
    if unknown := run.replayed.why or (old.model.why if old.model else ""):
        raise Unavailable(unknown)
    if old.why:
        raise Unavailable(f"the serving release could not be tried: {old.why}")
    require_taken(run)


def _proven(old: OldCode) -> Iterator[Finding]:
    for one in old.refused:
        yield Finding(
            subject=f"{one.sqlstate} {short(one.sql)}",
            message=f"release {old.release} is refused: {one.message} ({one.sqlstate}): {short(one.sql)}",
            evidence=(
                QueryResult("throw-away", short(one.sql), 0, by_shape(f"{one.sqlstate} {one.message}")),
            ),
            fix=SPLIT,
        )
    for result in old.failed:
        yield Finding(
            subject=f"workflow {result.name}",
            message=f"release {old.release} fails its own workflow {result.name} afterwards: {result.why}",
            evidence=(QueryResult("throw-away", f"workflow {result.name}", 0, by_shape(result.why)),),
            fix=SPLIT,
        )


def _replays(found: tuple[BrokenReplay, ...]) -> dict[tuple[str, str], list[BrokenReplay]]:
    """Those that end in the same words are one finding: one column may be asked for everywhere."""
    groups: dict[tuple[str, str], list[BrokenReplay]] = {}
    for one in found:
        groups.setdefault((one.after.sqlstate, one.after.message), []).append(one)
    return groups


def _replayed(group: list[BrokenReplay], replayed: Replayed) -> Finding:
    # What is asked live is sure to be the service's own.
    one = next((other for other in group if other.live), group[0])
    now = one.after
    how = f"{now.message} ({now.sqlstate})" if now.sqlstate else "no row any more"
    more = f" and {len(group) - 1} more" if len(group) > 1 else ""
    # Values are not the release's own, and what the owner asks may be asked by nobody but tests.
    doubtful = (replayed.of_owner and not one.live) or all(other.tightens for other in group)
    who = "what the service asks live" if one.live else f"what the tests of release {replayed.release} ask"
    return Finding(
        subject=f"{now.sqlstate or 'rows'} {short(one.said)}",
        message=f"{who} ends otherwise: {how}: {short(one.said)}{more}",
        evidence=tuple(
            QueryResult("shadow", short(other.said), other.after.rows, by_shape(other.after.message))
            for other in group[:_PROOFS]
        ),
        fix=SPLIT,
        severity=Severity.MEDIUM if doubtful else None,
    )


def _alike(found: tuple[Broken, ...]) -> list[tuple[Broken, ...]]:
    """Those of one table that end alike are one finding."""
    groups: dict[tuple[str, str], list[Broken]] = {}
    for one in found:
        groups.setdefault((one.statement.relation, one.after.sqlstate), []).append(one)
    return [tuple(group) for group in groups.values()]


def _implied(group: tuple[Broken, ...], old: OldCode, replayed: Replayed) -> Finding:
    one, now = group[0], group[0].after
    how = (
        f"{now.message} ({now.sqlstate})" if now.sqlstate else f"{now.rows} rows instead of {one.before.rows}"
    )
    does = ", ".join(other.statement.does for other in group)
    relation = one.statement.relation
    gaps = certain_at(_bare(relation), now.sqlstate, old.model.gaps) if old.model else ()
    modelled = f"; its models say so, too: {gaps[0].words}" if gaps else ""
    return Finding(
        subject=f"{relation} {now.sqlstate or 'rows'}",
        message=f"what {relation} promises ends otherwise: {how}: {does}{modelled}",
        evidence=tuple(
            QueryResult("shadow", short(other.statement.sql), other.after.rows, by_shape(other.after.message))
            for other in group
        ),
        fix=SPLIT,
        severity=_severity(one, old, replayed),
    )


def _severity(one: Broken, old: OldCode, replayed: Replayed) -> Severity:
    """A release whose statements and models are known, and never name the table, is not hurt there.

    Values that are refused from now on depend on what the release writes.
    """
    table = _bare(one.statement.relation)
    if old.model and certain_at(table, one.after.sqlstate, old.model.gaps):
        return Severity.HIGH
    if old.after and not old.names(table) and not replayed.names(table):
        return Severity.LOW
    return Severity.MEDIUM if one.tightens or old.after else Severity.HIGH


def _bare(relation: str) -> str:
    return relation.rpartition(".")[2].strip('"')
