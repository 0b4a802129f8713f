"""OPS014: every required check has fresh evidence before a deploy."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.validation import FreshValidation, Validation

_HOUR_S = 3600
_SHORT = 12
_FIX = "hotelctl validate"


@check(
    "OPS014",
    "Every required check has fresh evidence",
    severity=Severity.CRITICAL,
    rationale="A deploy does not ask what takes long or needs a throw-away copy; a validation of the same "
    "commit does.",
    remediation="Run hotelctl validate for it; [environments.NAME] validated_within_h is the limit.",
)
def validation_is_fresh(evidence: FreshValidation) -> Iterator[Finding]:
    """A finding for what the newest validation lacks, and for none at all."""
    newest = evidence.newest
    if newest is None:
        said = "holds no validation of all checks for this environment and profile"
        yield _finding(evidence.reports, "report", f"{evidence.reports} {said}")
        return
    for subject, problem in _problems(evidence, newest):
        yield _finding(newest.path, subject, f"{newest.path} {problem}")


def _problems(evidence: FreshValidation, newest: Validation) -> Iterator[tuple[str, str]]:
    if newest.commit != evidence.commit:
        yield "commit", f"is of {newest.commit[:_SHORT]}, HEAD is {evidence.commit[:_SHORT]}"
    if newest.dirty:
        yield "checkout", "is of a checkout with changes that were not committed"
    age = evidence.now - newest.finished_at
    if age > evidence.limit:
        hours, limit = (one.total_seconds() / _HOUR_S for one in (age, evidence.limit))
        yield "age", f"is {hours:.0f} h old, {limit:g} h are allowed"
    if newest.verdict == "blocked":
        yield "verdict", "says that the release is blocked"
    for rule in newest.undecided:
        yield rule, f"holds no verdict of {rule}, which is required"


def _finding(path: str, subject: str, said: str) -> Finding:
    return Finding(subject, said, (FileExcerpt(path, None, by_shape(said)),), Location(path), _FIX)
