"""A place where releases run, in memory. Two objects on one `Ground` are two commands on one machine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Drained, Health, Moved
from hotelctl.facts.edge_log import Answer


@dataclass
class Instance:
    """One staged release."""

    release: Release
    port: int
    env: dict[str, str]
    alive: bool = True
    restarts: int = 0
    exit_code: int | None = None
    inflight: int = 0
    clean: bool = True
    log: str = "started"
    answers: list[Answer] = field(default_factory=list)
    memory_bytes: int | None = None


@dataclass
class Ground:
    """What outlives a command. `built` are releases that can start; `held` are ports of others."""

    built: set[str] = field(default_factory=set)
    instances: dict[str, Instance] = field(default_factory=dict)
    held: dict[int, str] = field(default_factory=dict)
    active: str | None = None
    fence: int = 0
    edge_port: int | None = None
    acts: list[str] = field(default_factory=list)


class FakeTarget:
    """The verbs of `hotelctl.deploy.target.Target`. `refuse` maps a verb to the words it refuses with."""

    def __init__(self, ground: Ground | None = None) -> None:
        self.ground = ground or Ground()
        self.refuse: dict[str, str] = {}

    def _act(self, verb: str, what: str) -> None:
        self.ground.acts.append(f"{verb} {what}")
        if verb in self.refuse:
            raise StepFailed(self.refuse[verb])

    def serving(self) -> Release | None:
        """What the pointer names."""
        name = self.ground.active
        return self.ground.instances[name].release if name else None

    def obstacle(self, port: int) -> str | None:
        """The holder of the port."""
        return self.ground.held.get(port)

    def prepare(self, port: int) -> None:
        """The edge listens there; what served runs again."""
        self._act("prepare", str(port))
        if obstacle := self.obstacle(port):
            raise StepFailed(obstacle)
        self.ground.edge_port = port
        if self.ground.active:
            self.ground.instances[self.ground.active].alive = True

    def stage(self, release: Release, env: Mapping[str, str]) -> Health:
        """Found again by its id."""
        self._act("stage", release.id)
        if release.id not in self.ground.built:
            raise StepFailed(f"release {release.id} has no virtual environment")
        known = self.ground.instances.get(release.id)
        if known is None:
            port = 1 + max((one.port for one in self.ground.instances.values()), default=20_000)
            self.ground.instances[release.id] = Instance(release, port, dict(env))
        elif not known.alive:
            known.alive, known.exit_code = True, None
        return self.health(release)

    def health(self, release: Release) -> Health:
        """As the instance says."""
        found = self.ground.instances.get(release.id)
        if found is None:
            return Health(alive=False, url="", restarts=0, exit_code=None, log_tail="")
        url = f"http://127.0.0.1:{found.port}"
        return Health(found.alive, url, found.restarts, found.exit_code, found.log)

    def route(self, release: Release | None, fence: int) -> Moved:
        """The pointer moves unless the fence is lower."""
        self._act("route", release.id if release else "nothing")
        if fence < self.ground.fence:
            raise StepFailed(f"the switch carries fence {fence}, but {self.ground.fence} was here")
        if release is not None and not self.health(release).alive:
            raise StepFailed(f"release {release.id} does not run")
        self.ground.fence = fence
        self.ground.active = release.id if release else None
        return Moved(0.0001, None if release is None else 0.002)

    def inflight(self, release: Release) -> int:
        """As the instance says."""
        found = self.ground.instances.get(release.id)
        return found.inflight if found else 0

    def answers(self, release: Release, since: datetime) -> Callable[[], Sequence[Answer]]:
        """As the instance says, each once a reader."""
        told = 0

        def more() -> Sequence[Answer]:
            nonlocal told
            found = self.ground.instances.get(release.id)
            new = found.answers[told:] if found else []
            told += len(new)
            return [one for one in new if one.at_s >= since.timestamp()]

        return more

    def entrance(self, port: int) -> str:
        return f"http://127.0.0.1:{port}"

    def process(self, release: Release) -> int | None:
        return 1 if self.health(release).alive else None

    def memory_bytes(self, release: Release) -> int | None:
        """As the instance says."""
        found = self.ground.instances.get(release.id)
        return found.memory_bytes if found else None

    def retire(self, release: Release) -> Drained:
        """It ends at once."""
        self._act("retire", release.id)
        self._require_idle(release)
        found = self.ground.instances.get(release.id)
        if found is None:
            return Drained(clean=True, waited_s=0.0, detail="nothing was there")
        found.alive, found.exit_code, found.inflight = False, 0, 0
        return Drained(clean=found.clean, waited_s=0.0, detail="exit code 0")

    def dismantle(self) -> str | None:
        """The edge ends when nothing serves."""
        if self.ground.active or self.ground.edge_port is None:
            return None
        port, self.ground.edge_port = self.ground.edge_port, None
        return f"edge on port {port} stopped"

    def discard(self, release: Release) -> None:
        """Neither instance nor build is left."""
        self._act("discard", release.id)
        self._require_idle(release)
        self.ground.instances.pop(release.id, None)
        self.ground.built.discard(release.id)

    def _require_idle(self, release: Release) -> None:
        if self.ground.active == release.id:
            raise StepFailed(f"release {release.id} serves")
