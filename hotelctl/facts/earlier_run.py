"""The test run of the release that serves, against which a new one is held."""

from dataclasses import dataclass

from hotelctl.facts.test_run import Counts


@dataclass(frozen=True, slots=True)
class EarlierRun:
    """What the tests were when `release` was deployed; `path` is their report, relative to the project."""

    release: str
    path: str
    counts: Counts
