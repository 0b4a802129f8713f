"""SEC008: the search for secrets was whole."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.checks.secrets import unopened
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
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
    """A finding an archive for which somebody answers; unknown unless all else was searched.

    The scanner read every file and commit, and found what was planted there.

    Raises:
        Unavailable: it could not run, or something was left out; the reason says what.

    """
    doubts = {**tree.doubts, **past.doubts}
    yield from unopened.findings(doubts, answered)
    require_none([*unopened.left(doubts, answered).items(), ("history", past.gap)])
