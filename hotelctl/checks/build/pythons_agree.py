"""BLD013: pyproject, image and CI mean the same Python."""

from collections.abc import Iterator

from packaging.specifiers import SpecifierSet

from hotelctl.core.check import check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.python_claims import PythonClaim, PythonClaims


@check(
    "BLD013",
    "pyproject, image and CI mean the same Python",
    severity=Severity.HIGH,
    rationale="What was tested on one Python and runs on another was not tested.",
    remediation="Let CI test the Python of the image, and both be among those that requires-python allows.",
)
def pythons_agree(said: PythonClaims) -> Iterator[Finding]:
    """A finding for each Python that the project does not support, and for an image that no CI job tests.

    Raises:
        Unavailable: after them, where a place names a Python that cannot be read out of the file.

    """
    for claim in said.claims:
        if claim.why_not:
            yield _finding(claim, f"{claim.why_not}", f'write it as "{claim.text}"')
        elif said.wanted is not None and not claim.allowed(SpecifierSet(said.wanted)):
            message = f"{claim.text} is Python {claim.full}, and {said.source} requires {said.wanted}"
            yield _finding(claim, message, f"choose a Python that is {said.wanted}")
    tested = {claim.minor for claim in said.of("ci") if not claim.why_not}
    for image in said.of("image"):
        if tested and image.minor not in tested:
            message = (
                f"the image runs Python {image.minor}; CI tests {', '.join(sorted(tested, key=_number))}"
            )
            yield _finding(image, message, f"let a job of the CI run with Python {image.minor}")
    if said.doubts:
        raise Unavailable("; ".join(said.doubts))


def _number(minor: str) -> int:
    return int(minor.rpartition(".")[2])


def _finding(claim: PythonClaim, message: str, fix: str) -> Finding:
    return Finding(
        subject=f"{claim.speaker} {claim.text}",
        message=f"{claim.path}:{claim.line}: {message}",
        evidence=(FileExcerpt(claim.path, claim.line, by_shape(claim.text)),),
        location=Location(claim.path, claim.line),
        fix=fix,
    )
