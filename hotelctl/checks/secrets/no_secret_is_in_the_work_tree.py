"""SEC001: no secret is in the work tree."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.checks.secrets import unopened
from hotelctl.checks.secrets.guesses import findings
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.leaks import Leak, TreeLeaks
from hotelctl.facts.rotation import first_step
from hotelctl.facts.waivers import AnsweredArchives

_UNREAD = (
    "look through it by hand, then keep it unpacked, in smaller parts, or out of the repository; "
    + unopened.ANSWER
)


# Each finding has a severity of its own, up to critical. So is the rule: where nothing could search, nobody
# may call the tree clean.
@check(
    "SEC001",
    "No secret is in the work tree",
    severity=Severity.CRITICAL,
    rationale="Who may read the repository, or one copy of it, has the key; it stays in the history when the "
    "line is gone.",
    remediation="Give the service a new secret first and revoke the old one; then take it out of the file, "
    "and read it from the environment.",
    references=("https://github.com/betterleaks/betterleaks",),
    stage=Stage.AUDIT,
)
def no_secret_is_in_the_work_tree(tree: TreeLeaks, answered: AnsweredArchives) -> Iterator[Finding]:
    """A finding a rule of the scanner and file, as severe as it is sure, and less so for what is a sample.

    Values are shown as their length and a keyed hash, equal ones as equal. What it only guesses of samples is
    one finding. An archive that nobody can open is one for which somebody answers.

    Raises:
        NotApplicable: git tracks nothing.
        Unavailable: after them, when a file could not be searched, or an archive was not opened.

    """
    if not tree.files and not tree.doubts:
        raise NotApplicable("git tracks no file here")
    yield from findings(tree.argv, tree.leaks, _fix)
    yield from unopened.findings(tree.doubts, answered)
    require_none(unopened.left(tree.doubts, answered).items(), _UNREAD)


def _fix(leak: Leak) -> str:
    return f"{first_step(leak.rule)},\nthen read it from the environment;\na waiver for what is no secret"
