"""A finding: what is wrong with which subject, the evidence, the place and the mend."""

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from hotelctl.core.redact import Redacted


class Severity(IntEnum):
    """How bad a finding is; compared with `--fail-on`."""

    INFO = 10
    LOW = 20
    MEDIUM = 30
    HIGH = 40
    CRITICAL = 50

    @property
    def word(self) -> str:
        """The lower-case name that reports and flags use."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class FileExcerpt:
    """Lines of a file; `path` is relative to the project, `line` counts from 1."""

    path: str
    line: int | None
    text: Redacted


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What a database answered; `rows` counts all, `excerpt` shows some."""

    database: str
    statement: str
    rows: int
    excerpt: Redacted


@dataclass(frozen=True, slots=True)
class HttpExchange:
    """One request and its answer; `status` is None when none came."""

    method: str
    url: str
    status: int | None
    excerpt: Redacted
    duration_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class CommandOutput:
    """One program's end: `exit_code` is None when it was killed at its limit."""

    argv: tuple[str, ...]
    exit_code: int | None
    excerpt: Redacted


@dataclass(frozen=True, slots=True)
class Measurement:
    """A number with its unit, the limit it is held against and the sample size."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    n: int = 1


Evidence = FileExcerpt | QueryResult | HttpExchange | CommandOutput | Measurement


@dataclass(frozen=True, slots=True)
class Location:
    """A place in the project: relative path, line from 1 where there is one."""

    path: str
    line: int | None = None

    def __str__(self) -> str:
        """`path:line`, as editors and terminals understand it."""
        return self.path if self.line is None else f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. Without evidence it cannot be made.

    `severity` None means: that of the check. `fix` can be pasted. `commits` are those that brought
    it, of what the history holds.

    Raises:
        ValueError: `evidence` is empty.

    """

    subject: str
    message: str
    evidence: tuple[Evidence, ...]
    location: Location | None = None
    fix: str = ""
    severity: Severity | None = None
    commits: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a claim that nothing was measured for."""
        if not self.evidence:
            msg = f"finding about {self.subject!r} has no evidence"
            raise ValueError(msg)

    def fingerprint(self, check_id: str) -> str:
        """16 hex digits that stay the same when lines move."""
        path = self.location.path if self.location else ""
        subject = self.subject.replace(str(self.location), path) if self.location else self.subject
        text = f"{check_id}\x00{path}\x00{subject}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
