"""BLD014: every package has a licence that is allowed."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.allowed_licences import AllowedLicences
from hotelctl.facts.environment_packages import EnvironmentPackages
from hotelctl.facts.licence import COPYLEFT, expression, is_met
from hotelctl.facts.package_metadata import PackageMetadata
from hotelctl.facts.wheel import Wheel


@check(
    "BLD014",
    "Every package has a licence that is allowed",
    severity=Severity.LOW,
    rationale="Without a licence nobody may use a package; some licences ask for the source of what uses it.",
    remediation="Choose another package, or allow the licence knowingly: build.licences in the service file.",
    references=("https://spdx.org/licenses/", "https://peps.python.org/pep-0639/"),
    stage=Stage.BUILD,
)
def licences_are_allowed(
    environment: EnvironmentPackages, allowed: AllowedLicences, wheel: Wheel
) -> Iterator[Finding]:
    """A finding for each package beside the artifact that states no licence, or one that is not allowed.

    Without a list in the service file, those are GPL, AGPL and their kind; LGPL and MPL are not.
    """
    own = wheel.described().name
    for package in environment.packages.values():
        said = expression(package)
        if package.name == own:
            continue
        if not said:
            yield _finding(package, "states no licence", environment.place)
        elif not is_met(said, lambda one: _fine(one, allowed)):
            listed = allowed.source if allowed.names else "the rule for services that are not open source"
            yield _finding(
                package, f"has the licence {said}, which {listed} does not allow", environment.place
            )


def _fine(licence: str, allowed: AllowedLicences) -> bool:
    return licence in allowed.names if allowed.names else not COPYLEFT.fullmatch(licence)


def _finding(package: PackageMetadata, what: str, place: str) -> Finding:
    message = f"{package.name} {package.version} {what}"
    return Finding(
        subject=package.name,
        message=message,
        evidence=(FileExcerpt(f"{place}/{package.name} METADATA", None, by_shape(message)),),
        fix="build.licences = [...] in the service file names all that are allowed",
    )
