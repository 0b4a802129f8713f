"""What two reports say differently: pure, by rule ids and fingerprints, never by words or line numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

from hotelctl.core.report import Status
from hotelctl.render.document import CheckPart, Document, FindingPart

_UNJUDGED = (Status.UNKNOWN, Status.SKIPPED)


@dataclass(frozen=True, slots=True)
class Moved:
    """One value that both reports have."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Found:
    """A finding, with its place as `path:line` or empty."""

    subject: str
    message: str
    severity: str
    place: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check whose status or findings differ; `before` or `after` is None in a report that lacks it.

    `gone` are findings that a judgement no longer has, `left_open` those that nobody could judge again.
    `appeared` are new, or the check was not judged before.
    """

    id: str
    title: str
    before: Status | None
    after: Status | None
    reason: str
    appeared: tuple[Found, ...]
    gone: tuple[Found, ...]
    left_open: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """A performance target; None where it was not measured, or a report lacks it."""

    metric: str
    unit: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """The reports by their ids; `same` is how many checks both have with one status and the same findings."""

    before: str
    after: str
    about: tuple[Moved, ...]
    checks: tuple[CheckChange, ...]
    performance: tuple[Measured, ...]
    same: int

    @property
    def nothing(self) -> bool:
        """Whether they say the same of the same."""
        return not (self.about or self.checks or self.performance)


def difference(before: Document, after: Document) -> Difference:
    """From the first report to the second; ids, times and evidence are no difference."""
    pairs = tuple(_pairs(before, after))
    changes = tuple(change for pair in pairs if (change := _change(*pair)) is not None)
    return Difference(
        before.id,
        after.id,
        tuple(_about(before, after)),
        changes,
        tuple(_measured(before, after)),
        len(pairs) - len(changes),
    )


def _about(before: Document, after: Document) -> Iterator[Moved]:
    for what, was, now in (
        ("verdict", before.verdict.value, after.verdict.value),
        ("kind", before.kind, after.kind),
        ("service", before.service.name, after.service.name),
        ("version", before.service.version, after.service.version),
        ("commit", before.git.commit, after.git.commit),
        ("uncommitted changes", _yes(before.git.dirty), _yes(after.git.dirty)),
        ("environment", before.environment, after.environment),
        ("profile", before.profile, after.profile),
        ("fail on", before.policy.fail_on, after.policy.fail_on),
        ("hotelctl", before.hotelctl.version, after.hotelctl.version),
    ):
        if was != now:
            yield Moved(what, was, now)


def _yes(value: bool) -> str:  # noqa: FBT001 - it is the value itself
    return "yes" if value else "no"


def _pairs(before: Document, after: Document) -> Iterator[tuple[CheckPart | None, CheckPart | None]]:
    """Both reports' checks in the order of the second, then those that only the first has."""
    was = {check.id: check for check in before.checks()}
    for check in after.checks():
        yield was.pop(check.id, None), check
    for check in was.values():
        yield check, None


def _change(was: CheckPart | None, now: CheckPart | None) -> CheckChange | None:
    old, new = _findings(was), _findings(now)
    appeared = tuple(found for key, found in new.items() if key not in old)
    missing = tuple(found for key, found in old.items() if key not in new)
    before, after = _status(was), _status(now)
    check = now or was
    if check is None or (before is after and not appeared and not missing):
        return None
    judged = now is not None and now.status not in _UNJUDGED
    return CheckChange(
        check.id,
        check.title,
        before,
        after,
        reason=(now.reason if now is not None else None) or "",
        appeared=appeared,
        gone=missing if judged else (),
        left_open=() if judged else missing,
    )


def _status(check: CheckPart | None) -> Status | None:
    return None if check is None else check.status


def _findings(check: CheckPart | None) -> dict[str, Found]:
    return {} if check is None else {one.fingerprint: _found(one) for one in check.findings}


def _found(one: FindingPart) -> Found:
    place = "" if one.location is None else str(one.location)
    return Found(one.subject, one.message, one.severity, place, one.fingerprint)


def _measured(before: Document, after: Document) -> Iterator[Measured]:
    """The targets of both that were measured otherwise, in the order of the second report."""
    was = {row.metric: row for row in before.performance}
    now = {row.metric: row for row in after.performance}
    for metric in dict.fromkeys((*now, *was)):
        rows = was.get(metric), now.get(metric)
        old, new = (None if row is None else row.measured for row in rows)
        if old != new:
            yield Measured(metric, next(row.unit for row in rows if row is not None), old, new)
