"""OPS009: people answer for the validation that a deploy stands on."""

from collections.abc import Iterator
from pathlib import PurePath

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.signoff import JudgedSignoff, Signoffs

_NEW = "hotelctl validate"


@check(
    "OPS009",
    "The validation is signed off",
    severity=Severity.HIGH,
    rationale="Who wrote a change is the last to see what is wrong with it; a release is for more than one "
    "person to answer for.",
    remediation="hotelctl report approve, by so many people as [environments.NAME.approvals] needs, none of "
    "whom wrote the commit.",
    references=("https://man.openbsd.org/ssh-keygen#ALLOWED_SIGNERS",),
)
def report_is_signed_off(signoffs: Signoffs) -> Iterator[Finding]:
    """A finding for every sign-off that does not hold, and when too few people are left."""
    place = signoffs.place
    if signoffs.missing:
        yield _finding(place, "report", f"{place} {signoffs.missing}", _NEW)
        return
    good = []
    for one in signoffs.found:
        if problem := _problem(signoffs, one):
            said = f"{place}: the sign-off of {one.signoff.name} does not count: {problem}"
            yield _finding(place, one.signoff.name, said, _approve(place))
        else:
            good.append(one)
    # One person with two names, or two with one key, are one.
    people = min(len({one.signoff.name.casefold() for one in good}), len({one.key for one in good}))
    if people < signoffs.needed:
        who = ", ".join(f"{one.signoff.name} ({one.signoff.role})" for one in good) or "nobody"
        said = f"{place} is signed off by {people} of {signoffs.needed} people: {who}"
        yield _finding(place, "approvals", said, _approve(place))


def _problem(signoffs: Signoffs, one: JudgedSignoff) -> str:
    """Why it does not count; empty when it does."""
    signed = one.signoff
    if signed.digest != signoffs.digest:
        return "the report was changed since, it is for another digest"
    if one.problem:
        return one.problem
    if signed.role not in signoffs.roles:
        return f"the role {signed.role} is none of {', '.join(signoffs.roles)}"
    if one.by_author:
        return "the commit is of the same author"
    if not signoffs.finished_at <= signed.signed_at <= signoffs.now:
        return f"{signed.at} is before the report was finished, or after now: look at the clocks"
    return ""


def _approve(place: str) -> str:
    return f"hotelctl report approve \\\n  {PurePath(place).parent.name} \\\n  --by NAME --role ROLE"


def _finding(place: str, subject: str, said: str, fix: str) -> Finding:
    return Finding(subject, said, (FileExcerpt(place, None, by_shape(said)),), Location(place), fix)
