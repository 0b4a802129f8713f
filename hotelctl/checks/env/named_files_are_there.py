"""ENV031: the env files that are named are there."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.env_files import NamedFiles


@check(
    "ENV031",
    "The env files that are named are there",
    severity=Severity.MEDIUM,
    rationale="A file that is missing is passed over, and the release runs with whatever else there is.",
    remediation="Write the file, or take its name out of the service file.",
)
def named_files_are_there(files: NamedFiles) -> Iterator[Finding]:
    """No finding ever: a file of this environment, or an example, that is absent is unknown.

    The service file's own `env.files` are read where they are present, and so never missed.
    """
    if not files.wanted:
        raise NotApplicable("the service file names no env file that must be there")
    if files.absent:
        raise Unavailable(f"{files.source}: names {' and '.join(files.absent)}, which is not there")
    yield from ()
