"""SEC001: no secret is in the work tree."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from hotelctl.checks.secrets.severity import severity_of
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import CommandOutput, FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.leaks import Leak, TreeLeaks


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
def no_secret_is_in_the_work_tree(tree: TreeLeaks) -> Iterator[Finding]:
    """A finding a rule of betterleaks and file, as severe as it is sure, and less so for what is a sample.

    Values are shown as their length and a keyed hash, equal ones as equal. What it only guesses of samples is
    one finding.

    Raises:
        NotApplicable: git tracks nothing.
        Unavailable: after them, when a file could not be searched.

    """
    if not tree.files and not tree.doubts:
        raise NotApplicable("git tracks no file here")
    together: defaultdict[tuple[str, str], list[Leak]] = defaultdict(list)
    guesses: list[Leak] = []
    for one in sorted(tree.leaks, key=lambda leak: (leak.path, leak.rule, leak.line)):
        kind = guesses if severity_of(one) is Severity.INFO else together[one.path, one.rule]
        kind.append(one)
    for (path, rule), leaks in together.items():
        yield _finding(tree, path, rule, sorted(leaks, key=lambda leak: -severity_of(leak)))
    if guesses:
        yield _of_guesses(guesses)
    if tree.doubts:
        raise Unavailable("; ".join(f"{path}: {why}" for path, why in tree.doubts.items()))


def _finding(tree: TreeLeaks, path: str, rule: str, leaks: Sequence[Leak]) -> Finding:
    worst = leaks[0]
    marks = some_of(tuple(dict.fromkeys(f"line {one.line} {one.mark}" for one in leaks)))
    doubt = f"; perhaps none: {worst.doubt}" if worst.doubt else ""
    words = f"{path}: {rule} ({worst.confidence} confidence): {marks}{doubt}"
    return Finding(
        subject=rule,
        message=words,
        evidence=(CommandOutput(tree.argv, 1, by_shape(words)),),
        location=Location(path, worst.line),
        fix="rotate it where it is used, then read it from the environment;\na waiver for what is no secret",
        severity=severity_of(worst),
    )


def _of_guesses(leaks: Sequence[Leak]) -> Finding:
    places = some_of(tuple(f"{one.path}:{one.line} {one.rule} {one.mark}" for one in leaks))
    words = f"{len(leaks)} values of low confidence in samples: {places}"
    return Finding(
        subject="samples",
        message=words,
        evidence=tuple(
            FileExcerpt(one.path, one.line, by_shape(f"{one.rule} {one.mark}: {one.doubt}")) for one in leaks
        ),
        fix="look through the places that the evidence names",
        severity=Severity.INFO,
    )
