"""DB016: no applied migration was edited."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.applied_migrations import Applied, AppliedMigrations
from hotelctl.facts.migration_set import MigrationSet

_DIGITS = 12
_SHOWN = 3


@check(
    "DB016",
    "No applied migration was edited",
    severity=Severity.CRITICAL,
    rationale=(
        "A database that has the revision never runs the edited file, and a new one runs nothing else: "
        "from then on two databases at the same revision have different schemas."
    ),
    remediation="Bring back the file as it was applied, and write the change as a new migration.",
)
def no_applied_migration_was_edited(
    migrations: MigrationSet, applied: AppliedMigrations
) -> Iterator[Finding]:
    """A finding for each file that is not what was applied, byte for byte, or that is gone.

    Revisions of which no digest was noted are not judged: one remark says how many they are.
    """
    for one in applied.noted:
        now = migrations.at(one.revision)
        if now is None or now.sha256 != one.sha256:
            yield _finding(one, applied, None if now is None else now.sha256)
    if applied.unknown:
        yield _unjudged(applied)


def _unjudged(applied: AppliedMigrations) -> Finding:
    total = len(applied.noted) + len(applied.unknown)
    first = ", ".join(applied.unknown[:_SHOWN])
    more = ", ..." if len(applied.unknown) > _SHOWN else ""
    return Finding(
        subject="revisions without a digest",
        message=f"{len(applied.unknown)} of {total} applied revisions of {applied.database} were not "
        f"compared: {applied.ledger} has no digest of {first}{more}",
        evidence=(QueryResult(applied.database, applied.ledger, len(applied.noted), by_shape(first)),),
        fix="hotelctl deploy notes them as they are then",
        severity=Severity.INFO,
    )


def _finding(one: Applied, applied: AppliedMigrations, now: str | None) -> Finding:
    state = "is gone" if now is None else "was edited"
    # What Flyway notes is a short number, and no digest.
    was = one.sha256 if " " in one.sha256 else one.sha256[:_DIGITS]
    digests = f"applied {was}, now {now[:_DIGITS] if now else 'no file'}"
    return Finding(
        subject=one.revision,
        message=f"{one.path}: {state} after it had been applied to {applied.database}"
        f"{_since(one)}: {digests}",
        evidence=(
            QueryResult(applied.database, applied.ledger, 1, by_shape(f"{one.revision} {digests}")),
            FileExcerpt(one.path, None, by_shape(f"sha256 {now or 'none: no such file'}")),
        ),
        location=None if now is None else Location(one.path),
        fix=_fix(one),
    )


def _since(one: Applied) -> str:
    at = f" ({one.at[:16].replace('T', ' ')})" if one.at else ""
    if not one.deploy:
        return at
    return f", as deploy {one.deploy}{at} found it" if one.seen else f" by deploy {one.deploy}{at}"


def _fix(one: Applied) -> str:
    commit = one.commit[:_DIGITS] or "COMMIT"
    look = "" if one.commit else f"git log -- {one.path}\n"
    return f"{look}git checkout {commit} -- {one.path}\nand write what is to change as a new migration"
