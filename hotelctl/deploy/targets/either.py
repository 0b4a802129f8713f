"""An environment whose target was changed: what was started as one kind is found, and ended, as that kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Drained, Health, Moved, Target
from hotelctl.deploy.targets import berth
from hotelctl.deploy.targets.docker import DockerTarget
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.process import ProcessTarget
from hotelctl.deploy.targets.units import load_unit
from hotelctl.facts.edge_log import Answer

Kind = Literal["process", "docker"]


@dataclass(frozen=True, slots=True)
class EitherTarget:
    """The verbs; what was never started is started as `wanted` says. One edge is before both kinds."""

    wanted: Kind
    process_target: ProcessTarget
    docker_target: DockerTarget

    @property
    def _places(self) -> Places:
        return self.process_target.places

    def _of(self, release: Release) -> Target:
        """As what the release runs, ran, or would."""
        if berth.load(self._places, release.id) is not None:
            return self.docker_target
        if load_unit(self._places, release.id) is not None or release.image is None:
            return self.process_target
        return self.docker_target if self.wanted == "docker" else self.process_target

    def _serving(self) -> Target:
        """The kind that has the traffic."""
        address = self.process_target.edge.target()
        contained = any(one.address == address for one in berth.each(self._places))
        return self.docker_target if contained else self.process_target

    def _kinds(self) -> tuple[Target, ...]:
        """The kinds that are needed now: what serves goes on as what it is."""
        wanted: Target = self.docker_target if self.wanted == "docker" else self.process_target
        serves = self._serving() if self.process_target.edge.target() else wanted
        return (wanted,) if serves is wanted else (serves, wanted)

    def serving(self) -> Release | None:
        """As the kind's own that has the traffic."""
        return self._serving().serving()

    def obstacle(self, port: int) -> str | None:
        """Of any kind that is needed now."""
        return next(filter(None, (one.obstacle(port) for one in self._kinds())), None)

    def prepare(self, port: int) -> None:
        """Of all kinds that are needed now."""
        for one in self._kinds():
            one.prepare(port)

    def stage(self, release: Release, env: Mapping[str, str]) -> Health:
        """As its kind's own."""
        return self._of(release).stage(release, env)

    def health(self, release: Release) -> Health:
        """As its kind's own."""
        return self._of(release).health(release)

    def route(self, release: Release | None, fence: int) -> Moved:
        """As its kind's own: both move the same pointer."""
        return (self._of(release) if release else self.process_target).route(release, fence)

    def inflight(self, release: Release) -> int:
        """As its kind's own."""
        return self._of(release).inflight(release)

    def answers(self, release: Release, since: datetime) -> Callable[[], Sequence[Answer]]:
        """As its kind's own."""
        return self._of(release).answers(release, since)

    def entrance(self, port: int) -> str:
        """One edge is before both kinds."""
        return self.process_target.entrance(port)

    def process(self, release: Release) -> int | None:
        """As its kind's own."""
        return self._of(release).process(release)

    def memory_bytes(self, release: Release) -> int | None:
        """As its kind's own."""
        return self._of(release).memory_bytes(release)

    def retire(self, release: Release) -> Drained:
        """As its kind's own."""
        return self._of(release).retire(release)

    def dismantle(self) -> str | None:
        """Of the kind that is wanted: what is before both ends with either."""
        wanted: Target = self.docker_target if self.wanted == "docker" else self.process_target
        return wanted.dismantle()

    def discard(self, release: Release) -> None:
        """As its kind's own."""
        self._of(release).discard(release)
