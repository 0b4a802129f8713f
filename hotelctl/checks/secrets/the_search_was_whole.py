"""SEC008: the search for secrets was whole."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.checks.secrets import unopened
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.leaks import TreeLeaks
from hotelctl.facts.past_leaks import HistoryLeaks
from hotelctl.facts.waivers import AnsweredArchives


@check(
    "SEC008",
    "The search for secrets was whole",
    severity=Severity.MEDIUM,
    rationale="A scanner that ended early, or was given half of a history, finds nothing and looks as if "
    "nothing were there.",
    remediation="Install the programs that hotelctl doctor names as missing, and fetch the whole history.",
    stage=Stage.AUDIT,
)
def the_search_was_whole(
    tree: TreeLeaks, past: HistoryLeaks, answered: AnsweredArchives
) -> Iterator[Finding]:
    """A finding an archive for which somebody answers, a note a repository inside this one.

    Unknown unless all else was searched.

    The scanner read every file and commit, and found what was planted there.

    Raises:
        Unavailable: it could not run, or something was left out; the reason says what.

    """
    doubts = {**tree.doubts, **past.doubts}
    yield from unopened.findings(doubts, answered)
    yield from map(_apart, tree.apart)
    require_none([*unopened.left(doubts, answered).items(), ("history", past.gap)])


def _apart(path: str) -> Finding:
    why = "is a repository of its own, so neither its files nor its history were searched"
    return Finding(
        subject=f"repository in {path}",
        message=f"{path}: {why}",
        evidence=(FileExcerpt(path, None, by_shape(why)),),
        location=Location(path),
        fix="hotelctl validate --only secrets in that directory",
        severity=Severity.INFO,
    )
