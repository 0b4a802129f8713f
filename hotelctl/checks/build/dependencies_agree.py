"""BLD007: the dependencies agree with one another."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.environment_packages import EnvironmentPackages


@check(
    "BLD007",
    "The dependencies agree with one another",
    severity=Severity.HIGH,
    rationale="An installation from pinned versions does not ask whether they fit; the first call that "
    "misses something does.",
    remediation="Write the hashed requirements anew, with all that is required, and install again.",
    references=("https://pip.pypa.io/en/stable/cli/pip_check/",),
    stage=Stage.BUILD,
)
def dependencies_agree(environment: EnvironmentPackages) -> Iterator[Finding]:
    """A finding for each requirement of an installed package that is missing or has another version."""
    for one in environment.conflicts():
        there = "which is not installed" if one.found is None else f"but {one.found} is installed"
        message = f"{one.needed_by} requires {one.asked}, {there}"
        yield Finding(
            subject=f"{one.needed_by.partition(' ')[0]} requires {one.asked.name}",
            message=message,
            evidence=(FileExcerpt(environment.place, None, by_shape(message)),),
            fix=f"pin {one.asked.name} so that {one.asked} holds, and write the requirements anew",
        )
