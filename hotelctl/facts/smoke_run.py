"""What the smoke workflows of a service said, asked of one running instance."""

from dataclasses import dataclass

from hotelctl.core.finding import Measurement


@dataclass(frozen=True, slots=True)
class WorkflowResult:
    """One workflow's or program's end; `why` is empty when it passed."""

    name: str
    requests: int
    seconds: float
    why: str
    evidence: tuple[str, ...]
    measured: tuple[Measurement, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every answer was as declared."""
        return not self.why


@dataclass(frozen=True, slots=True)
class SmokeRun:
    """All workflows against `url`."""

    url: str
    results: tuple[WorkflowResult, ...]
