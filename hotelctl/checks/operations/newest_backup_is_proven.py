"""OPS011: the newest backup is young and was restored on trial."""

from collections.abc import Iterator

from hotelctl.checks.spoilt import spoilt
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Measurement, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.kept_backups import KeptBackups, Manifest

_HOUR_S = 3600
_FIX = "hotelctl deploy"


@check(
    "OPS011",
    "The newest backup is young and was restored on trial",
    severity=Severity.CRITICAL,
    rationale="A backup that nobody restored may hold nothing; an old one loses what came after it.",
    remediation="A deploy takes a backup and restores it on trial; [retention] backup_age_h is its limit.",
    stage=Stage.RUNNING,
)
def newest_backup_is_proven(backups: KeptBackups) -> Iterator[Finding]:
    """A finding when none was restored on trial, its dump has changed, or it is older than the limit.

    A younger one whose manifest is spoilt is a note only: the proven one can still be restored.
    """
    newest = backups.newest
    yield from (spoilt(one, _FIX) for one in backups.spoilt)
    if newest is None:
        yield _unproven(backups)
    elif backups.sha256 != newest.sha256:
        yield _changed(backups, newest)
    elif backups.age(newest) > backups.limit:
        yield _old(backups, newest)


def _unproven(backups: KeptBackups) -> Finding:
    there = ", ".join(backups.unproven)
    said = f"none of {there} was restored on trial" if there else "there is no backup"
    shown = FileExcerpt(backups.place, None, by_shape(said))
    return Finding("backup", f"{backups.place}: {said}", (shown,), Location(backups.place), _FIX)


def _changed(backups: KeptBackups, newest: Manifest) -> Finding:
    now = "is gone" if backups.sha256 is None else f"is {backups.sha256[:12]} now"
    said = f"its dump was written as {newest.sha256[:12]} and {now}"
    return Finding(
        subject=newest.name,
        message=f"the newest backup {newest.name} is not what was restored on trial: {said}",
        evidence=(FileExcerpt(newest.path, None, by_shape(said)),),
        location=Location(newest.path),
        fix=_FIX,
    )


def _old(backups: KeptBackups, newest: Manifest) -> Finding:
    """On a machine for trying things out it is a note only: nothing there is missed."""
    age, limit = backups.age(newest).total_seconds() / _HOUR_S, backups.limit.total_seconds() / _HOUR_S
    more = f"; {', '.join(backups.unproven)} was never restored on trial" if backups.unproven else ""
    return Finding(
        subject="age",
        message=f"the newest proven backup {newest.name} is {age:.0f} h old, the limit is {limit:g} h{more}",
        evidence=(Measurement("age of the newest proven backup", round(age, 1), "h", limit),),
        location=Location(newest.path),
        fix=_FIX,
        severity=Severity.MEDIUM if backups.profile == "ci" else None,
    )
