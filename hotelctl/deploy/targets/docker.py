"""One host with a container engine: releases are containers behind the same edge as processes have."""

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from hotelctl.config.pinned import REPLACED, in_doubt, pinned
from hotelctl.config.service import ServiceSpec
from hotelctl.core.containers import Contained, Containers
from hotelctl.core.errors import StepFailed
from hotelctl.core.redact import by_shape
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Drained, Health, Moved
from hotelctl.deploy.targets import (
    berth,
    container_log,
    disk,
    local_http,
    logfile,
    ports,
    shutdown,
    supervision,
)
from hotelctl.deploy.targets.berth import Berth
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.front import Front
from hotelctl.deploy.targets.leading import lead
from hotelctl.deploy.targets.manifest import serving_release, stray
from hotelctl.deploy.targets.moored import Moored
from hotelctl.deploy.targets.mooring import Mooring
from hotelctl.deploy.targets.places import Places
from hotelctl.facts.edge_log import Answer
from hotelctl.facts.state_file import read_again, variables

TAIL_LINES = 20
_LOG_EVERY_S = 1.0


class DockerTarget:
    """The five verbs on one engine. `state` is `.hotelctl/<environment>`.

    A release is made from the image that its manifest names. Its container is found again by its name, and
    told from others' by its labels; where it listens is written down before it is made. So each verb can be
    repeated after a kill, and what serves is known while no engine answers.
    """

    def __init__(
        self,
        state: Path,
        spec: ServiceSpec,
        containers: Containers,
        *,
        tell: Callable[[str], None] = lambda _: None,
        mooring: Mooring | None = None,
        front: Front | None = None,
    ) -> None:
        """`tell` gets one line for what a person should know and need not decide.

        `mooring` and `front` are how releases are made and reached, by default on an engine of this machine.
        """
        self.places = Places(state.resolve())
        self.edge = front or Edge(self.places)
        self._spec = spec
        self._engine = containers
        self._tell = tell
        self._copied: dict[str, tuple[float | None, float]] = {}
        self._moored = Moored(self.places, self.edge, containers)
        self._mooring = mooring or Mooring(self.places, spec, containers, tell)

    def serving(self) -> Release | None:
        """The release that the pointer names. Raises `Diverged` when it names nothing of ours."""
        address = self.edge.target()
        if not address:
            return None
        served = self._at(address)
        if served is None:
            raise stray(self.places.active, address)
        return serving_release(self.places, served.release)

    def obstacle(self, port: int) -> str | None:
        """Who or what keeps the edge from listening on `port`.

        Raises `StepFailed` when no engine answers, or what containers are to be given is not there.
        """
        self._mooring.require_given()
        if silent := self._engine.obstacle():
            raise StepFailed(silent, "start the container engine; hotelctl doctor says what lacks")
        return self.edge.obstacle(port)

    def prepare(self, port: int) -> None:
        """The edge listens on `port`, and the release that served before a stop serves again.

        Raises `Interrupted` when no engine answers: by now more was done than could be taken back without it.
        """
        if held := self.edge.obstacle(port):
            raise StepFailed(held, ports.proposal(port))
        with disk.writing(self.places.state):
            self.places.make()
        self._mooring.network()
        moved = self.edge.begin(port)
        self._resume_serving()
        if self.edge.ensure(port) or moved:
            self._tell(f"the edge was restarted: it listens on port {port} now")

    def _resume_serving(self) -> None:
        """What the pointer names runs and is ready; a failure is told, since a deploy is its remedy."""
        served = self._serving_berth()
        if served is None:
            return
        if not self._runs(served):
            try:
                self._start_again(served)
            except StepFailed as refusal:
                self._tell(f"{served.release} is not started again: {refusal.message}")
                return
        self._engine.keep(served.container, running=True)

    def _start_again(self, served: Berth) -> None:
        """A container as it was made, be it that a new one is needed, and traffic where it listens now."""
        release = serving_release(self.places, served.release)
        kept = self.places.environment(release.id)
        env = read_again(kept, kept.read_bytes(), variables, REPLACED) if kept.exists() else {}
        own = in_doubt(self._kept(release.id), self._spec, release.id)
        self._mooring.moor(release, own.run, env)
        now = berth.load(self.places, release.id) or served
        if now.address != served.address:
            self.edge.point(now.address, self.edge.fence())
        ready = supervision.wait_until(
            lambda: self._ended(now) or local_http.is_ok(self.edge.way(now.address), own.health.ready),
            own.run.ready_timeout_s,
        )
        up = ready and not self._ended(now)
        self._tell(f"{release.id} " + ("serves again" if up else "was started again and is not ready"))

    def stage(self, release: Release, env: Mapping[str, str]) -> Health:
        """The release runs on a port of its own; a serving one is left as it is."""
        if release.image is None or not self.places.manifest(release.id).exists():
            raise StepFailed(f"release {release.id} has no image", "build it first")
        with disk.writing(self.places.state):
            self.places.make()
        known = berth.load(self.places, release.id)
        if not (known and self._serves(known) and self._runs(known)):
            own = pinned(self._kept(release.id), self._spec, release.id)
            self._mooring.moor(release, own.run, env)
        return self.health(release)

    def health(self, release: Release) -> Health:
        """What the engine says of the container, and the end of what it printed."""
        known = berth.load(self.places, release.id)
        if known is None:
            return Health(alive=False, url="", restarts=0, exit_code=None, log_tail="")
        found = self._moored.find(known)
        if found is not None and not self._is_copied(found):
            self._copy_log(known)
            self._copied[found.name] = found.started_at_s, time.monotonic()
        said = by_shape(logfile.tail(self.places.release_log(release.id), TAIL_LINES))
        url = f"http://127.0.0.1:{self.edge.way(known.address)}"
        if found is None:
            return Health(alive=False, url=url, restarts=0, exit_code=None, log_tail=said)
        tail = "\n".join(filter(None, (said, by_shape(found.detail))))
        return Health(found.running, url, found.restarts, found.exit_code, tail)

    def route(self, release: Release | None, fence: int) -> Moved:
        """The pointer is renamed into place, then the edge is asked until it answers from there.

        From then on the engine keeps the container running. Raises `StepFailed` when no answer comes within
        5 s; the pointer then stays, for the caller to undo.
        """
        if release is None:
            return Moved(self.edge.point("", fence).took_s)
        known = berth.load(self.places, release.id)
        if known is None or not self._runs(known):
            raise StepFailed(f"release {release.id} does not run", "stage it first")
        health = in_doubt(self._kept(release.id), self._spec, release.id).health
        moved = lead(self.edge, known.address, fence, health, release.commit)
        if moved is None:
            raise StepFailed(
                f"release {release.id} does not answer through the edge on port {self.edge.port}",
                f"docker logs {known.container}",
            )
        self._engine.keep(known.container, running=True)
        return moved

    def inflight(self, release: Release) -> int:
        """What Caddy counts as open at the container."""
        known = berth.load(self.places, release.id)
        return self.edge.inflight(known.address) if known else 0

    def answers(self, release: Release, since: datetime) -> Callable[[], Sequence[Answer]]:
        """What Caddy noted of the container, not before it was started: its port had others before it."""
        known = berth.load(self.places, release.id)
        if known is None:
            return tuple
        found = self._moored.find(known)
        began = found.started_at_s if found and not found.restarts else 0.0
        return self.edge.answers(known.address, max(since.timestamp(), began))

    def memory_bytes(self, release: Release) -> int | None:
        """Of all that runs in the container, as its control group counts it."""
        known = berth.load(self.places, release.id)
        return None if known is None else self._engine.memory_bytes(known.container)

    def entrance(self, port: int) -> str:
        """Where this machine reaches the edge."""
        return f"http://127.0.0.1:{self.edge.entrance(port)}"

    def process(self, release: Release) -> int | None:
        """The first process of its container; None when it does not run."""
        known = berth.load(self.places, release.id)
        found = self._moored.find(known) if known else None
        return found.pid or None if found else None

    def retire(self, release: Release) -> Drained:
        """Drain signal, nothing open at the edge, SIGTERM, limit, SIGKILL."""
        known = self._idle_berth(release)
        found = self._moored.find(known) if known else None
        if known is None or found is None:
            return Drained(clean=True, waited_s=0.0, detail="nothing was there")
        return self._moored.end(known)

    def dismantle(self) -> str | None:
        """Edge, supervisor and network end when nothing serves; data and the fence stay."""
        if self.edge.target():
            return None
        ended = [*shutdown.stop_processes(self.places), *self.edge.end()]
        if self.places.state.exists() and self._mooring.cast_off():
            ended.append("network removed")
        return "; ".join(ended) or None

    def discard(self, release: Release) -> None:
        """Container, port and directory of a release that does not serve are gone."""
        known = self._idle_berth(release)
        if known is not None and self._moored.find(known) is not None:
            self._engine.remove(known.container)
        directory = self.places.release(release.id)
        if directory.exists():
            shutil.rmtree(directory)

    def _idle_berth(self, release: Release) -> Berth | None:
        """The release's berth. Raises `StepFailed` when it serves."""
        known = berth.load(self.places, release.id)
        if known and self._serves(known):
            raise StepFailed(f"release {release.id} serves", "route to another release first")
        return known

    def _serving_berth(self) -> Berth | None:
        return self._at(self.edge.target())

    def _at(self, address: str) -> Berth | None:
        return next((one for one in berth.each(self.places) if one.address == address), None)

    def _serves(self, known: Berth) -> bool:
        return known.address == self.edge.target()

    def _runs(self, known: Berth) -> bool:
        found = self._moored.find(known)
        return found is not None and found.running

    def _ended(self, known: Berth) -> bool:
        found: Contained | None = self._moored.find(known)
        return found is None or found.exit_code is not None

    def _is_copied(self, found: Contained) -> bool:
        """Whether its log was copied a moment ago; of one that ended or was started again it is not enough.

        Of one that runs it is asked many times a second how it is.
        """
        started_at_s, at = self._copied.get(found.name, (None, 0.0))
        same = found.running and started_at_s == found.started_at_s
        return same and time.monotonic() - at < _LOG_EVERY_S

    def _copy_log(self, known: Berth) -> None:
        with disk.writing(self.places.state):
            container_log.copy(self._engine, known.container, self.places.release_log(known.release))

    def _kept(self, release_id: str) -> bytes | None:
        path = self.places.pinned(release_id)
        return path.read_bytes() if path.exists() else None
