"""ENV015: env files are ignored by git and not tracked."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import CommandOutput, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.git_files import GitFiles


@check(
    "ENV015",
    "Env files are ignored by git and not tracked",
    severity=Severity.CRITICAL,
    rationale="What was once committed stays in the history of every clone.",
    remediation="git rm --cached FILE, add it to .gitignore, and replace every secret that it held.",
)
def env_files_stay_out_of_git(git: GitFiles) -> Iterator[Finding]:
    """A finding for every tracked env file, and a lesser one for every file that git would take."""
    for path in git.tracked:
        yield Finding(
            subject=path,
            message=f"{path} is tracked by git, with all its values",
            evidence=(CommandOutput(("git", "ls-files", "--", path), 0, by_shape(path)),),
            location=Location(path),
            fix=f"git rm --cached {path} && echo /{path} >> .gitignore",
        )
    for path in git.exposed:
        yield Finding(
            subject=path,
            message=f"{path} is not ignored by git: the next `git add .` takes it along",
            evidence=(CommandOutput(("git", "check-ignore", "--", path), 1, by_shape("")),),
            location=Location(path),
            fix=f"echo /{path} >> .gitignore",
            severity=Severity.MEDIUM,
        )
