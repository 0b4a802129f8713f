"""Which Python each file of a project speaks of, and whether they can all be the same."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from packaging.specifiers import SpecifierSet

from hotelctl.facts.image_reference import ImageReference

Speaker = Literal["image", "ci", "local"]
_NUMBER = re.compile(r"(?:c?python-?|pypy-?)?(3\.\d+)(\.\d+)?(?![\d.])", re.IGNORECASE)
_TAG = re.compile(r"(3\.\d+)(\.\d+)?(?![\d.])")
_NEWEST_PATCH = 99


@dataclass(frozen=True, slots=True)
class PythonClaim:
    """`path` at `line` speaks of Python `minor`, such as 3.11; `full` is the version as far as it is said.

    `text` is what stands there; `why_not` is not empty where that cannot be what was meant.
    """

    speaker: Speaker
    path: str
    line: int
    text: str
    minor: str
    full: str
    why_not: str = ""

    def allowed(self, wanted: SpecifierSet) -> bool:
        """Whether the version, or any patch of it where none is said, is one that the project supports."""
        said = (
            (self.full,) if self.full != self.minor else (f"{self.minor}.0", f"{self.minor}.{_NEWEST_PATCH}")
        )
        return any(wanted.contains(one, prereleases=True) for one in said)


@dataclass(frozen=True, slots=True)
class PythonClaims:
    """`wanted` is requires-python with `source`, its file and line; None where the project says none.

    `doubts` are places that speak of a Python which nobody can read out of the file.
    """

    wanted: str | None
    source: str
    claims: tuple[PythonClaim, ...]
    doubts: tuple[str, ...] = ()

    def of(self, speaker: Speaker) -> Sequence[PythonClaim]:
        """What one kind of file says."""
        return [claim for claim in self.claims if claim.speaker == speaker]


def version_in(text: str) -> tuple[str, str] | None:
    """Minor and full version that `text`, the value of a setting, begins with; None for a floating one."""
    found = _NUMBER.match(text)
    return (found[1], found[1] + (found[2] or "")) if found else None


def version_of(image: ImageReference) -> tuple[str, str] | None:
    """The same of an image of Python's own name; None for another image, or a tag that says none."""
    if image.repository.rpartition("/")[2] not in ("python", "pypy") or image.tag is None:
        return None
    found = _TAG.match(image.tag)
    return (found[1], found[1] + (found[2] or "")) if found else None
