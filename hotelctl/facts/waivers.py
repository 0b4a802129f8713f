"""The waivers of a project, and what became of them in one run."""

from dataclasses import dataclass
from datetime import date

from hotelctl.core.waiver import Waiver


@dataclass(frozen=True, slots=True)
class WaiverBook:
    """All entries of the waiver file, and the day on which they are held against the calendar."""

    path: str
    waivers: tuple[Waiver, ...]
    today: date


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """The rules that gave a verdict in this run, and the places of the waivers that cover a finding."""

    judged: frozenset[str]
    used: frozenset[str]


@dataclass(frozen=True, slots=True)
class AnsweredArchives:
    """The sha256 of each archive for which somebody answers today, as no program can open it."""

    digests: frozenset[str] = frozenset()
