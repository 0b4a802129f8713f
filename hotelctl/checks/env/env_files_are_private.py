"""ENV016: env files are readable by their owner only."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.env_files import EnvFiles


@check(
    "ENV016",
    "Env files are readable by their owner only",
    severity=Severity.MEDIUM,
    rationale="Every account of the machine reads the secrets of a file that group or others may read.",
    remediation="chmod 600 FILE",
)
def env_files_are_private(files: EnvFiles) -> Iterator[Finding]:
    """A finding for every env file with permission bits for group or others."""
    for file in files.used:
        if file.mode & 0o077:
            yield Finding(
                subject=file.path,
                message=f"{file.path} has mode {file.mode:04o}: others than its owner may read it",
                evidence=(FileExcerpt(file.path, None, by_shape(f"mode {file.mode:04o}")),),
                location=Location(file.path),
                fix=f"chmod 600 {file.path}",
            )
