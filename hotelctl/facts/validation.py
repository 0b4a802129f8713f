"""The newest whole validation of an environment, as its report tells it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

_DECIDED = frozenset({"pass", "warn", "fail", "waived", "not_applicable"})


@dataclass(frozen=True, slots=True)
class Validation:
    """One report; `undecided` are its required checks that gave no verdict."""

    path: str
    commit: str
    dirty: bool
    finished_at: datetime
    verdict: str
    undecided: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FreshValidation:
    """The newest one, None when there is none, and what it is held against."""

    newest: Validation | None
    reports: str
    commit: str
    now: datetime
    limit: timedelta


def read_validation(path: str, data: bytes, environment: str, profile: str) -> Validation | None:
    """The validation in a report's bytes; None for one of something else, or of some checks only.

    Raises:
        ValueError: it is no report.

    """
    raw = json.loads(data)
    try:
        about = (raw["kind"], raw["environment"], raw["profile"])
        if about != ("validate", environment, profile) or "only" in raw["facts"]:
            return None
        finished = datetime.fromisoformat(raw["finished_at"])
        if finished.tzinfo is None:
            raise ValueError("its time names no zone")
        git = raw["git"]
        return Validation(
            path, str(git["commit"]), bool(git["dirty"]), finished, str(raw["verdict"]), _undecided(raw)
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
