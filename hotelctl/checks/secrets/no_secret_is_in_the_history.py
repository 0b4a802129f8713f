"""SEC002: no secret is in the history."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from hotelctl.checks.secrets import unopened
from hotelctl.checks.secrets.history_gaps import require_whole
from hotelctl.checks.secrets.severity import severity_of
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.some_of import some_of
from hotelctl.facts.leaks import TreeLeaks
from hotelctl.facts.past_leaks import HistoryLeaks, PastLeak
from hotelctl.facts.rotation import first_step
from hotelctl.facts.waivers import AnsweredArchives

_MOST = 50
_REWRITE = "git filter-repo --sensitive-data-removal --replace-text FILE\na waiver for what is no secret"


@check(
    "SEC002",
    "No secret is in the history",
    severity=Severity.CRITICAL,
    rationale="A line that was taken out stays in every clone, and whoever finds it tries it.",
    remediation="Revoke the value where it was issued, whatever becomes of the commit: only that helps. Then "
    "rewrite the history, let everybody clone anew, and ask the host to drop what it keeps.",
    references=(
        "https://github.com/betterleaks/betterleaks",
        "https://github.com/newren/git-filter-repo",
    ),
    stage=Stage.AUDIT,
)
def no_secret_is_in_the_history(
    past: HistoryLeaks, tree: TreeLeaks, answered: AnsweredArchives
) -> Iterator[Finding]:
    """A finding a value and rule: in which commit it came, where, and how many more commits hold it.

    Searched is what each commit brought that a branch or a tag leads to, also in archives, in UTF-16 and
    in files that Git LFS keeps, what a merge itself changed, and the messages of commits and tags. What still
    stands in the work tree, no less severe there, is SEC001's. What it only guesses of samples is one
    finding. Not seen is what stands in lines that several commits brought.

    Raises:
        Unavailable: after them, when the clone does not hold the whole history, or an archive was not opened.

    """
    here: defaultdict[str, Severity] = defaultdict(lambda: Severity.INFO)
    for leak in tree.leaks:
        here[leak.mark] = max(here[leak.mark], severity_of(leak))
    together: defaultdict[tuple[str, str], list[PastLeak]] = defaultdict(list)
    for one in sorted(past.leaks, key=lambda leak: (leak.at, leak.commit, leak.leak.path, leak.leak.line)):
        if one.leak.mark not in here or severity_of(one.leak) > here[one.leak.mark]:
            together[one.leak.rule, one.leak.mark].append(one)
    guesses = []
    for leaks in together.values():
        if max(severity_of(one.leak) for one in leaks) is Severity.INFO:
            guesses.append(leaks[0])
        else:
            yield _finding(leaks)
    if guesses:
        yield _of_guesses(guesses)
    yield from unopened.findings(past.doubts, answered)
    require_whole(past.gap, unopened.left(past.doubts, answered))


def _finding(leaks: Sequence[PastLeak]) -> Finding:
    worst = max(leaks, key=lambda one: severity_of(one.leak)).leak
    first, commits = leaks[0], dict.fromkeys(one.commit for one in leaks)
    others = f" and {len(commits) - 1} more" if len(commits) > 1 else ""
    doubt = f"; perhaps none: {worst.doubt}" if worst.doubt else ""
    when = f"in the history, {_came(first)}{others}"
    words = f"{_place(first)}: {worst.rule} ({worst.confidence} confidence) {when}: {worst.mark}{doubt}"
    return Finding(
        subject=f"{worst.rule} {worst.mark}",
        message=words,
        evidence=_shown(leaks),
        location=Location(first.leak.path) if first.leak.path else None,
        fix=f"{first_step(worst.rule)}, then:\n{_REWRITE}",
        severity=severity_of(worst),
        commits=tuple(commits),
    )


def _of_guesses(leaks: Sequence[PastLeak]) -> Finding:
    number = f"{len(leaks)} value{'' if len(leaks) == 1 else 's'}"
    shown = some_of(tuple(f"{_place(one)} {one.leak.rule} {one.leak.mark}" for one in leaks))
    return Finding(
        subject="samples in the history",
        message=f"{number} of low confidence in samples that are gone: {shown}",
        evidence=_shown(leaks),
        fix="look through the commits that the evidence names",
        severity=Severity.INFO,
        commits=tuple(dict.fromkeys(one.commit for one in leaks)),
    )


def _shown(leaks: Sequence[PastLeak]) -> tuple[FileExcerpt, ...]:
    """Where each was read; the search may have been another command's, or have gone on from one."""
    return tuple(
        FileExcerpt(_place(one), None, by_shape(f"{one.leak.rule} {one.leak.mark}, {_came(one)}"))
        for one in leaks[:_MOST]
    )


def _place(one: PastLeak) -> str:
    return one.leak.path or (one.message if one.message.startswith("tag ") else f"commit {one.commit[:12]}")


def _came(one: PastLeak) -> str:
    by = f" by {one.author}" if one.author else ""
    return f"since {one.commit[:12]} of {one.at:%Y-%m-%d}{by}"
