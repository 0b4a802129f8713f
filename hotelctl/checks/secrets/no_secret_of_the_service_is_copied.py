"""SEC003: no secret of this service stands in the repository."""

from collections.abc import Iterator
from itertools import groupby

from hotelctl.checks.secrets import unopened
from hotelctl.checks.secrets.copies import MOST, findings
from hotelctl.checks.secrets.history_gaps import require_whole
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.history import Trace
from hotelctl.core.redact import by_shape
from hotelctl.facts.secret_copies import SecretCopies, SecretCopy
from hotelctl.facts.secret_history import PastCopy, SecretHistory
from hotelctl.facts.waivers import AnsweredArchives

_REWRITE = "git filter-repo --sensitive-data-removal --replace-text FILE"
_UNREACHED = "git reflog expire --expire=now --all\ngit gc --prune=now"


@check(
    "SEC003",
    "No secret of this service is copied into the repository",
    severity=Severity.CRITICAL,
    rationale="It is the value that is in use, whatever it looks like: who may read the repository, or one "
    "copy of it, may enter. The history keeps it when the line is gone.",
    remediation="Give the service a new value first and revoke the old one; then take it out of the file, "
    "read it from the environment, and only then rewrite the history.",
    references=("https://github.com/newren/git-filter-repo",),
    stage=Stage.AUDIT,
)
def no_secret_of_the_service_is_copied(
    found: SecretCopies, past: SecretHistory, answered: AnsweredArchives
) -> Iterator[Finding]:
    """One finding a name and file: values of env files and of the environment, searched for letter by letter.

    Also as base64, hex, percent-encoded or escaped, and in UTF-16; in the work tree, in every object of the
    repository: files, their names, commits and tags, and in names of branches and tags. Archives are opened,
    and what Git LFS keeps of the history is searched where it is here.
    What is too short or too common to be searched for is left to ENV012.

    Raises:
        Unavailable: after them, when a file could not be searched, or not the whole history, or an archive
            was not opened.

    """
    yield from findings(found.copies, _fix)
    aged = sorted(past.copies, key=_group)
    for (path, *_), kept in groupby(aged, key=_group):
        yield _past(path, list(kept))
    doubts = unopened.together(found.doubts, past.doubts)
    yield from unopened.findings(doubts, answered)
    require_whole(past.gap, unopened.left(doubts, answered))


def _fix(copy: SecretCopy) -> str:
    return f"give {copy.names[0]} a new value;\nthen read it from the environment here"


def _past(path: str, copies: list[PastCopy]) -> Finding:
    names, mark = " and ".join(copies[0].names), copies[0].mark
    traces = sorted((trace for copy in copies for trace in copy.traces), key=lambda trace: trace.at)
    in_a_file = bool(traces and traces[0].path)
    encoded = " (encoded)" if all(copy.encoded for copy in copies) else ""
    words = f"{path}: the history holds the value of {names}{encoded}, {_when(copies, traces)}: {mark}"
    fix = f"give {copies[0].names[0]} a new value,\nrevoke the old one, then:\n{_REWRITE}"
    lost = copies[0].reached is False
    return Finding(
        subject=f"{names} in the history" + ("" if in_a_file else f", {path}"),
        message=words,
        evidence=tuple(
            FileExcerpt(path, None, by_shape(f"{names} {copy.mark} in git object {copy.object_id}"))
            for copy in copies[:MOST]
        ),
        location=Location(path) if in_a_file else None,
        fix=_UNREACHED if lost else _renamed(copies[0]) or fix,
        severity=Severity.MEDIUM if lost else None,
        commits=_brought(traces),
    )


def _renamed(copy: PastCopy) -> str:
    """What helps where it is a name that holds it: nothing is rewritten."""
    if not copy.called:
        return ""
    return f"give {copy.names[0]} a new value,\ndelete the {copy.called} here and at every remote"


def _brought(traces: list[Trace]) -> tuple[str, ...]:
    """The commits that added it; merges only where no other did, as they repeat what both sides had."""
    added = [trace for trace in traces if trace.came]
    alone = [trace for trace in added if not trace.merged] or added
    return tuple(dict.fromkeys(trace.commit for trace in alone))


def _when(copies: list[PastCopy], traces: list[Trace]) -> str:
    if copies[0].called:
        return f"in what a {copies[0].called} is called"
    if not traces:
        number = f"{len(copies)} object{'' if len(copies) == 1 else 's'}"
        return f"in {number}" + (" that no branch and no tag reaches" if copies[0].reached is False else "")
    shown = dict.fromkeys(f"{one.commit[:12]} of {one.at:%Y-%m-%d} by {one.author}" for one in traces)
    first, *others = shown
    return f"since {first}" + (f", last touched in {others[-1]}" if others else "")


def _group(copy: PastCopy) -> tuple[str, tuple[str, ...], str]:
    return _path(copy), copy.names, copy.mark


def _path(copy: PastCopy) -> str:
    if copy.called:
        return f"name of a {copy.called}"
    if not copy.traces:
        return "left objects" if copy.reached is False else "objects"
    first = copy.traces[0]
    return first.path or (f"tag {first.ref}" if first.ref else f"commit {first.commit[:12]}")
