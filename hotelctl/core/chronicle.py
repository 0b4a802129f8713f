"""What happened in an environment, as every machine may read it: made from journals and reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Deployment:
    """One operation: `outcome` is empty while it is open, `header` is the journal's first record."""

    id: str
    operation: str
    outcome: str
    started_at: str
    seconds: float
    failed_step: str
    failure: str
    header: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Chapter:
    """All of one operation: `lines` are its journal's, `release` is what it built, as the journal has it."""

    deployment: Deployment
    lines: tuple[str, ...]
    release: Mapping[str, Any] | None
    built_at: str


@dataclass(frozen=True, slots=True)
class Approval:
    """One signature below one stored report, which `digest` tells apart from a later state of it."""

    report: str
    digest: str
    commit: str
    name: str
    role: str
    at: str
    signature: str
