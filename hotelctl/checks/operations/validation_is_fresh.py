"""OPS014: every required check has fresh evidence before a deploy."""

from collections.abc import Iterator
from datetime import timedelta

from hotelctl.checks.spoilt import spoilt
from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.report import Policy
from hotelctl.facts.validation import FreshValidation, Validation

_HOUR_S = 3600
_SHORT = 12
_FIX = "hotelctl validate"
_STRICT = Policy().fail_on


@check(
    "OPS014",
    "Every required check has fresh evidence",
    severity=Severity.CRITICAL,
    rationale="A deploy does not ask what takes long or needs a throw-away copy; a validation of the same "
    "commit does.",
    remediation="Run hotelctl validate for it; [environments.NAME] validated_within_h is the limit.",
)
def validation_is_fresh(evidence: FreshValidation) -> Iterator[Finding]:
    """A finding for what the newest validation lacks, and for none at all.

    A younger report of something else that nobody can read is a note only.
    """
    newest = evidence.newest
    yield from (spoilt(one, _FIX) for one in evidence.spoilt)
    if newest is None:
        said = f"holds no validation of all checks here that is younger than {_hours(evidence.limit)} h"
        yield _finding(evidence.reports, "report", f"{evidence.reports} {said}")
        return
    for subject, problem in _problems(evidence, newest):
        yield _finding(newest.path, subject, f"{newest.path} {problem}")


def _problems(evidence: FreshValidation, newest: Validation) -> Iterator[tuple[str, str]]:
    if not newest.whole:
        yield "digest", "does not give the digest that it names: it was changed after it was written"
    if newest.commit != evidence.commit:
        yield "commit", f"is of {newest.commit[:_SHORT]}, HEAD is {evidence.commit[:_SHORT]}"
    if newest.dirty:
        yield "checkout", "is of a checkout with changes that were not committed"
    yield from _age(evidence, newest)
    if newest.fail_on > _STRICT:
        asked, least = newest.fail_on.name.lower(), _STRICT.name.lower()
        yield "policy", f"was asked with --fail-on {asked}, which lets findings of {least} pass"
    if newest.verdict == "blocked":
        yield "verdict", "says that the release is blocked"
    for rule in newest.undecided:
        yield rule, f"holds no verdict of {rule}, which is required"


def _age(evidence: FreshValidation, newest: Validation) -> Iterator[tuple[str, str]]:
    age = evidence.now - newest.finished_at
    if age < timedelta(0):
        yield "age", f"was finished at {newest.finished_at.isoformat()}, after now: look at the clocks"
    elif age > evidence.limit:
        yield "age", f"is {age.total_seconds() / _HOUR_S:.0f} h old, {_hours(evidence.limit)} h are allowed"


def _hours(limit: timedelta) -> str:
    return f"{limit.total_seconds() / _HOUR_S:g}"


def _finding(path: str, subject: str, said: str) -> Finding:
    return Finding(subject, said, (FileExcerpt(path, None, by_shape(said)),), Location(path), _FIX)
