"""Step 2: every check that can be asked before anything is built."""

from collections.abc import Mapping
from typing import Any

from hotelctl.core.check import Stage
from hotelctl.core.errors import StepFailed
from hotelctl.deploy.judgement import require
from hotelctl.deploy.operation import Operation

_NEEDED_BYTES = 500_000_000


class PreflightStep:
    """Changes nothing: disk, port, and the checks of the environment's profile."""

    name = "preflight"
    title = "Preflight checks"

    def __init__(self, operation: Operation) -> None:
        """Work on `operation`."""
        self._op = operation

    def plan(self) -> tuple[str, ...]:
        """What it would do, for people."""
        environment = self._op.configuration.environment
        return (f"run the checks of profile {environment.profile}", f"look at port {environment.port}")

    def apply(self) -> Mapping[str, Any]:
        """How many checks ended how."""
        environment = self._op.configuration.environment
        obstacle = self._op.target.obstacle(environment.port)
        if obstacle is not None:
            raise StepFailed(obstacle, "stop it, or choose another port with --port")
        self._require_disk()
        return require(self._op.judge(Stage.PREFLIGHT, ()))

    def _require_disk(self) -> None:
        free = self._op.world.files.free_bytes(self._op.layout.state)
        if free < _NEEDED_BYTES:
            raise StepFailed(
                f"{free // 1_000_000} MB are free on the disk of {self._op.layout.state}, "
                f"{_NEEDED_BYTES // 1_000_000} MB are needed",
                "make room on that disk; releases and backups that retention still keeps count, too",
            )

    def undo(self) -> str:
        """Nothing was changed."""
        return "nothing was changed"
