"""OPS001: the checkout is clean."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import CommandOutput, Finding, Location, Severity
from hotelctl.core.ports import WorkTree
from hotelctl.core.redact import by_shape

_SHOWN = 10


@check(
    "OPS001",
    "The checkout is clean",
    severity=Severity.CRITICAL,
    rationale=(
        "What is not committed is not deployed, so a person would see another program than the one that "
        "serves."
    ),
    remediation="git add and git commit, or git stash.",
)
def checkout_is_clean(tree: WorkTree) -> Iterator[Finding]:
    """A finding for every changed or untracked path, and for paths that git was told not to look at."""
    shown = tree.dirty[:_SHOWN]
    for path in shown:
        yield _changed(path, f"{path} is changed or untracked", Location(path))
    if more := tree.dirty[_SHOWN:]:
        yield _changed("more", f"{len(more)} more paths are changed or untracked", None)
    for path in tree.hidden:
        yield Finding(
            subject=path,
            message=f"{path} is hidden from git status (assume-unchanged or skip-worktree)",
            evidence=(CommandOutput(("git", "ls-files", "-v"), 0, by_shape(path)),),
            location=Location(path),
            fix=f"git update-index --no-assume-unchanged --no-skip-worktree {path}",
        )


def _changed(subject: str, message: str, location: Location | None) -> Finding:
    evidence = CommandOutput(("git", "status", "--porcelain"), 0, by_shape(message))
    return Finding(subject, message, (evidence,), location, "git add -A && git commit")
