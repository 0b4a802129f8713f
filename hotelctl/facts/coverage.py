"""What share of the branches the tests reached, as a Cobertura XML tells it.

Source: coverage.py's `coverage xml`; Istanbul, gocover-cobertura and others write the same.
"""

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Location


@dataclass(frozen=True, slots=True)
class Coverage:
    """`covered` of all `branches`, in the file `path`; `target` is the share wanted, as `place` says."""

    path: str
    branches: int
    covered: int
    target: float
    place: Location

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.covered / self.branches


def parse_cobertura(data: bytes) -> tuple[int, int]:
    """How many branches there are and how many were taken.

    Raises:
        Unavailable: it is no such file, or the run did not look at branches.

    """
    try:
        root = ET.fromstring(data)  # noqa: S314 - written by the project's own tests
        if root.tag != "coverage":
            raise Unavailable(f"is no Cobertura XML: its root is <{root.tag}>")
        valid, covered = (int(root.get(f"branches-{name}") or 0) for name in ("valid", "covered"))
    except ET.ParseError as error:
        raise Unavailable(f"is no XML: {error}") from error
    except ValueError as error:
        raise Unavailable(f"counts no branches: {error}") from error
    if not 0 <= covered <= valid:
        raise Unavailable(f"tells of {covered} branches of {valid}")
    if not valid:
        raise Unavailable("counts no branches: run the tests with branch coverage")
    return valid, covered
