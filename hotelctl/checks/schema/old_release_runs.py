"""DB011: the release that serves runs on the coming schema."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.implied_statements import Broken
from hotelctl.facts.migration_run import MigrationRun
from hotelctl.facts.old_code import OldCode

_SHOWN = 160
_SPLIT = "expand now: keep what the serving release uses;\ncontract in the release after this one"


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

    What no workflow of it asks is judged by the plainest statements that its schema promises to answer.

    Raises:
        Unavailable: after them, when the serving release could not be tried itself.

    """
    yield from _proven(old)
    for group in _alike(run.broken):
        yield _implied(group, old)
    if old.why:
        raise Unavailable(f"the serving release could not be tried: {old.why}")


def _proven(old: OldCode) -> Iterator[Finding]:
    for one in old.refused:
        yield Finding(
            subject=f"{one.sqlstate} {_short(one.sql)}",
            message=f"release {old.release} is refused: {one.message} ({one.sqlstate}): {_short(one.sql)}",
            evidence=(
                QueryResult("throw-away", _short(one.sql), 0, by_shape(f"{one.sqlstate} {one.message}")),
            ),
            fix=_SPLIT,
        )
    for result in old.failed:
        yield Finding(
            subject=f"workflow {result.name}",
            message=f"release {old.release} fails its own workflow {result.name} afterwards: {result.why}",
            evidence=(QueryResult("throw-away", f"workflow {result.name}", 0, by_shape(result.why)),),
            fix=_SPLIT,
        )


def _alike(found: tuple[Broken, ...]) -> list[tuple[Broken, ...]]:
    """Those of one table that end alike are one finding."""
    groups: dict[tuple[str, str], list[Broken]] = {}
    for one in found:
        groups.setdefault((one.statement.relation, one.after.sqlstate), []).append(one)
    return [tuple(group) for group in groups.values()]


def _implied(group: tuple[Broken, ...], old: OldCode) -> Finding:
    one, now = group[0], group[0].after
    how = (
        f"{now.message} ({now.sqlstate})" if now.sqlstate else f"{now.rows} rows instead of {one.before.rows}"
    )
    does = ", ".join(other.statement.does for other in group)
    relation = one.statement.relation
    return Finding(
        subject=f"{relation} {now.sqlstate or 'rows'}",
        message=f"what {relation} promises ends otherwise: {how}: {does}",
        evidence=tuple(
            QueryResult(
                "shadow", _short(other.statement.sql), other.after.rows, by_shape(other.after.message)
            )
            for other in group
        ),
        fix=_SPLIT,
        severity=_severity(one, old),
    )


def _severity(one: Broken, old: OldCode) -> Severity:
    """A release whose statements are known, and never name the table, is not hurt there.

    Values that are refused from now on depend on what the release writes.
    """
    table = one.statement.relation.rpartition(".")[2].strip('"')
    if old.after and not old.names(table):
        return Severity.LOW
    return Severity.MEDIUM if one.tightens or old.after else Severity.HIGH


def _short(sql: str) -> str:
    even = " ".join(sql.split())
    return even if len(even) <= _SHOWN else f"{even[: _SHOWN - 3]}..."
