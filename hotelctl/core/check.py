"""A check: a pure question about facts, named by the types of its parameters."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, get_type_hints

from hotelctl.core.finding import Finding, Severity

SECTIONS = {
    "environment": "Environment",
    "schema": "Database schema",
    "tests": "Test suite",
    "build": "Build and artifacts",
    "security": "Security",
    "secrets": "Secrets hygiene",
    "services": "External services",
    "docker": "Docker",
    "performance": "Performance targets",
    "operations": "Operations",
}
_PREFIXES = {
    "ENV": "environment",
    "DB": "schema",
    "TST": "tests",
    "BLD": "build",
    "SEC": "security",
    "EXT": "services",
    "DKR": "docker",
    "PRF": "performance",
    "OPS": "operations",
}
_SECRETS = re.compile(r"SEC00\d")


class Stage(StrEnum):
    """When the facts of a check can be had, and so which deploy step asks it.

    RUNNING is asked while the new release is watched, WATCHED when that is over: of what came meanwhile.

    What takes longer than a deploy may wait for is asked by `validate` alone: AUDIT. So is SANDBOX: such
    questions fail on purpose, and only a throw-away instance may bear that.
    """

    PREFLIGHT = "preflight"
    TEST = "test"
    BUILD = "build"
    AUDIT = "audit"
    RUNNING = "running"
    WATCHED = "watched"
    SANDBOX = "sandbox"

    @property
    def asks_what_serves(self) -> bool:
        """Whether the release that serves is asked, and no candidate."""
        return self in (Stage.RUNNING, Stage.WATCHED)


class Named(Protocol):
    """What can be chosen by its rule id or its section."""

    @property
    def id(self) -> str:
        """The rule id."""
        ...

    @property
    def section(self) -> str:
        """The report section."""
        ...


def section_of(check_id: str) -> str:
    """The report section that an id names: by its prefix, and of SEC the first nine are of secrets."""
    return "secrets" if _SECRETS.fullmatch(check_id) else _PREFIXES[check_id.rstrip("0123456789")]


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """The words of a check, so that a report reads without the code."""

    id: str
    title: str
    severity: Severity
    rationale: str
    remediation: str
    references: tuple[str, ...]
    stage: Stage

    @property
    def section(self) -> str:
        """The report section that the id names."""
        return section_of(self.id)


@dataclass(frozen=True, slots=True)
class Check:
    """The words, the facts it asks for in order, and the question itself."""

    info: CheckInfo
    facts: tuple[type, ...]
    judge: Callable[..., Iterable[Finding]]

    @property
    def id(self) -> str:
        """The rule id."""
        return self.info.id

    @property
    def section(self) -> str:
        """The report section."""
        return self.info.section


def check(  # noqa: PLR0913 - the words of a rule are its signature
    check_id: str,
    title: str,
    *,
    severity: Severity,
    rationale: str,
    remediation: str,
    references: tuple[str, ...] = (),
    stage: Stage = Stage.PREFLIGHT,
) -> Callable[[Callable[..., Iterator[Finding]]], Check]:
    """A decorator that turns a generator of findings into a `Check`.

    The generator may raise `Unavailable` (unknown) or `NotApplicable`.
    """

    def make(judge: Callable[..., Iterator[Finding]]) -> Check:
        hints: dict[str, Any] = get_type_hints(judge)
        hints.pop("return", None)
        words = CheckInfo(check_id, title, severity, rationale, remediation, references, stage)
        return Check(words, tuple(hints.values()), judge)

    return make
