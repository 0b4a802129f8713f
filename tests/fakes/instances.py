"""Instances that only say that they ran."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotelctl.core.errors import StepFailed


@dataclass(frozen=True, slots=True)
class Started:
    """What was started, with what."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path
    ready_url: str


class FakeInstances:
    """`refuse` is why no instance becomes ready; `alive` counts those inside their block."""

    def __init__(self) -> None:
        self.started: list[Started] = []
        self.alive = 0
        self.refuse: str | None = None
        self._port = 40_000

    def free_port(self) -> int:
        """Another one each time."""
        self._port += 1
        return self._port

    @contextmanager
    def running(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, ready_url: str, timeout_s: float
    ) -> Iterator[None]:
        """Ready at once, or never."""
        self.started.append(Started(tuple(argv), dict(env), cwd, ready_url))
        if self.refuse is not None:
            raise StepFailed(f"not ready within {timeout_s:g} s: {self.refuse}")
        self.alive += 1
        try:
            yield
        finally:
            self.alive -= 1
