"""BLD016: the checkout was clean while it was built."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import CommandOutput, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.artifact import Artifact

_SHOWN = 10


@check(
    "BLD016",
    "The checkout was clean while it was built",
    severity=Severity.CRITICAL,
    rationale=(
        "Changes that git was told not to look at make the artifact something that no commit describes."
    ),
    remediation=(
        "Commit or remove the changes; git update-index --no-assume-unchanged --no-skip-worktree FILE."
    ),
    stage=Stage.BUILD,
)
def build_saw_the_commit_only(artifact: Artifact) -> Iterator[Finding]:
    """A finding for every changed, untracked or hidden path of the checkout during the build."""
    for path in artifact.dirty[:_SHOWN]:
        yield _finding(path, "was changed or untracked during the build", f"git status -- {path}")
    if more := artifact.dirty[_SHOWN:]:
        yield _finding(f"{len(more)} more paths", "were changed or untracked during the build", "git status")
    for path in artifact.hidden:
        fix = f"git update-index --no-assume-unchanged --no-skip-worktree {path}"
        yield _finding(path, "is hidden from git (assume-unchanged or skip-worktree)", fix)


def _finding(path: str, what: str, fix: str) -> Finding:
    evidence = CommandOutput(("git", "status", "--porcelain"), 0, by_shape(path))
    return Finding(path, f"{path} {what}", (evidence,), Location(path), fix)
