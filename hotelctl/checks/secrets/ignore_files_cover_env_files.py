"""SEC007: ignore files cover the env files that nobody made or declared yet."""

import shlex
from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.core.check import check
from hotelctl.core.finding import CommandOutput, FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.coming_env_files import ComingEnvFile, ComingEnvFiles


@check(
    "SEC007",
    "Ignore files cover env files before they are made",
    severity=Severity.HIGH,
    rationale="People copy the template and fill in what is real; without a rule the next `git add .` or "
    "`docker build .` takes that along.",
    remediation="Add .env and .env.* to .gitignore and .dockerignore, and !.env.example behind them.",
)
def ignore_files_cover_env_files(found: ComingEnvFiles) -> Iterator[Finding]:
    """One finding a name and ignore file: what templates are copied to, and what lies here undeclared.

    Asked of git itself, so that exceptions and rules of other directories count; .dockerignore is read as
    the engine does. Files that the service file names are ENV015's, files that lie here for a build DKR009's.

    Raises:
        Unavailable: after them, when a .dockerignore could not be read.

    """
    for file in found.files:
        if file.exposed:
            yield _open_to_git(file)
        if file.origin:
            for dockerfile, rules in file.sent_by:
                yield _sent(file, dockerfile, rules)
    require_none(found.doubts.items())


def _open_to_git(file: ComingEnvFile) -> Finding:
    where = f"once it is made from {file.origin}" if file.origin else "which lies here"
    return Finding(
        subject=f"{file.path} (git)",
        message=f"{file.path}, {where}, is not ignored by git: the next `git add .` takes it along",
        evidence=(CommandOutput(("git", "check-ignore", "--", file.path), 1, by_shape("")),),
        location=Location(file.origin or file.path),
        fix=f"echo {shlex.quote(f'/{file.path}')} >> .gitignore",
    )


def _sent(file: ComingEnvFile, dockerfile: str, rules: str | None) -> Finding:
    # What lies in front of the name in its context is the way to that context.
    ignore = rules or f"{file.path.removesuffix(file.within)}.dockerignore"
    said = f"{rules} lets {file.path} through" if rules else f"no {ignore} keeps {file.path} out"
    return Finding(
        subject=f"{file.path} ({dockerfile})",
        message=f"{file.path}, once it is made from {file.origin}, is sent with the build of {dockerfile}",
        evidence=(FileExcerpt(rules or dockerfile, None, by_shape(said)),),
        location=Location(rules or dockerfile),
        fix=f"echo {shlex.quote(file.within)} >> {shlex.quote(ignore)}",
        severity=Severity.MEDIUM,
    )
