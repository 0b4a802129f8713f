"""The newest whole validation of an environment, as its report tells it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hotelctl.core.finding import Severity
from hotelctl.core.seal import report_digest
from hotelctl.facts.spoilt_file import SpoiltFile

_DECIDED = frozenset({"pass", "warn", "fail", "waived", "not_applicable"})

_LIMITS = frozenset({"only", "baseline", "since", "staged"})


@dataclass(frozen=True, slots=True)
class Validation:
    """One report; `undecided` are its required checks that gave no verdict.

    `fail_on` is the severity from which a finding blocked; `whole` says that its contents give the
    digest that it names.
    """

    path: str
    commit: str
    dirty: bool
    finished_at: datetime
    verdict: str
    undecided: tuple[str, ...]
    fail_on: Severity
    whole: bool


@dataclass(frozen=True, slots=True)
class FreshValidation:
    """The newest one, None when there is none, and what it is held against.

    `spoilt` are younger reports that nobody can read.
    """

    newest: Validation | None
    reports: str
    commit: str
    now: datetime
    limit: timedelta
    spoilt: tuple[SpoiltFile, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A `report.json` of any kind."""

    raw: Mapping[str, Any]
    finished_at: datetime

    def validates(self, environment: str, profile: str) -> bool:
        """Whether it says that it is a validation there, of all checks, in which every finding counted."""
        about = tuple(self.raw.get(key) for key in ("kind", "environment", "profile"))
        limited = _LIMITS & set(self.raw.get("facts") or ())
        return about == ("validate", environment, profile) and not limited


def read_report(data: bytes) -> StoredReport:
    """The report in these bytes.

    Raises:
        ValueError: there is none.

    """
    raw = json.loads(data)
    try:
        finished = datetime.fromisoformat(raw["finished_at"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"it is no report: {error!r}") from error
    if finished.tzinfo is None:
        raise ValueError("its time names no zone")
    return StoredReport(raw, finished)


def read_validation(path: str, report: StoredReport) -> Validation:
    """What a validation's report tells.

    Raises:
        ValueError: a part of it is missing.

    """
    raw = report.raw
    try:
        return Validation(
            path=path,
            commit=str(raw["git"]["commit"]),
            dirty=bool(raw["git"]["dirty"]),
            finished_at=report.finished_at,
            verdict=str(raw["verdict"]),
            undecided=_undecided(raw),
            fail_on=Severity[raw["policy"]["fail_on"].upper()],
            whole=raw["digest"] == report_digest(raw),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"it is no report: {error!r}") from error


def _undecided(raw: Mapping[str, Any]) -> tuple[str, ...]:
    decided = {
        check["id"]
        for section in raw["sections"]
        for check in section["checks"]
        if check["status"] in _DECIDED
    }
    return tuple(rule for rule in raw["policy"]["required"] if rule not in decided)
