"""DKR000: every Dockerfile can be read."""

from collections.abc import Iterator

from hotelctl.checks.docker.every_file import every_file
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.dockerfile import Dockerfiles


@check(
    "DKR000",
    "Every Dockerfile can be read",
    severity=Severity.HIGH,
    rationale="Of a file that is empty or that nobody can parse no other rule can say anything.",
    remediation="Mend the line that is named, or name the files that count by [docker] files.",
)
def dockerfiles_can_be_read(files: Dockerfiles) -> Iterator[Finding]:
    """No finding ever: what cannot be read is unknown, with file, line and reason."""
    return every_file(files, lambda _file: ())
