"""One host, no container engine: releases are processes behind Caddy, kept running by our own supervisor."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from hotelctl.config.environment import Environment
from hotelctl.config.pinned import Pinned, in_doubt, pinned
from hotelctl.config.service import ServiceSpec
from hotelctl.config.template import fill_all
from hotelctl.core.errors import StepFailed
from hotelctl.core.redact import by_shape
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Drained, Health, Moved
from hotelctl.deploy.targets import disk, draining, local_http, logfile, ports, shutdown, supervision
from hotelctl.deploy.targets.berth import taken_ports
from hotelctl.deploy.targets.edge import NAME as EDGE
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.edge_log import EdgeLog
from hotelctl.deploy.targets.leading import lead
from hotelctl.deploy.targets.manifest import serving_release, stray
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.resident import session_bytes
from hotelctl.deploy.targets.units import Desired, Unit, all_units, load_unit
from hotelctl.facts.edge_log import Answer

INHERITED = ("PATH", "LANG", "LC_ALL", "HOME", "TZ")
TAIL_LINES = 20


def _quiet(_line: str) -> None:
    """Tells nobody."""


class ProcessTarget:
    """The five verbs on one host. `state` is `.hotelctl/<environment>`; releases are built there before.

    Everything is found again by the release's id, so each verb can be repeated after a kill.
    """

    def __init__(
        self,
        state: Path,
        spec: ServiceSpec,
        *,
        public_url: str | None = None,
        tell: Callable[[str], None] = _quiet,
    ) -> None:
        """`tell` gets one line for what a person should know and need not decide."""
        self.places = Places(state.resolve())
        self.edge = Edge(self.places)
        self._spec = spec
        self._public_url = public_url
        self._tell = tell

    def serving(self) -> Release | None:
        """The release that the pointer names. Raises `Diverged` when it names nothing of ours."""
        address = self.edge.target()
        if not address:
            return None
        unit = self._serving_unit()
        if unit is None:
            raise stray(self.places.active, address)
        return serving_release(self.places, unit.name)

    def _begin(self) -> None:
        """Directories and a supervisor are there."""
        with disk.writing(self.places.state):
            self.places.make()
        supervision.ensure(self.places)

    def obstacle(self, port: int) -> str | None:
        """Who or what keeps the edge from listening on `port`; nothing is changed."""
        return self.edge.obstacle(port)

    def prepare(self, port: int) -> None:
        """The edge listens on `port`, and the release that served before a stop serves again."""
        if obstacle := self.obstacle(port):
            raise StepFailed(obstacle, ports.proposal(port))
        self._begin()
        self.resume_serving()
        if self.edge.ensure(port):
            self._tell(f"the edge was restarted: it listens on port {port} now")

    def resume_serving(self) -> None:
        """What the pointer names runs and is ready; a failure is told, since a deploy is its remedy."""
        unit = self._serving_unit()
        if unit is None or self._is_up(unit):
            return
        if not unit.belongs(self.places.state):
            self._disown(unit)
            return
        supervision.ensure(self.places)
        port = self._port_for(unit)
        try:
            if port != unit.port:
                unit = replace(unit, port=port, argv=self._argv(unit.name, port))
        except StepFailed as error:
            self._tell(f"{error.message}; its port {unit.port} is taken, so it is not started again")
            return
        supervision.start(self.places, unit)
        if unit.address != self.edge.target():
            self.edge.point(unit.address, self.edge.fence())
        if self._comes_up(unit, self._in_doubt(unit.name)):
            self._tell(f"{unit.name} serves again")
        else:
            self._tell(f"{unit.name} was started again and is not ready: {self._tail(unit, 1)}")

    def _disown(self, unit: Unit) -> None:
        """What a copied directory names as serving is down here, and its old port, the original's, unused."""
        known = supervision.ask(self.places, replace(unit, port=self._port_for(None)), Desired.STOPPED)
        self.edge.point(known.address, self.edge.fence())
        self._tell(f"{unit.name} was deployed in another directory and is not started from this copy")

    def _comes_up(self, unit: Unit, own: Pinned) -> bool:
        """Whether it is ready within its limit; one that ends meanwhile is not waited for."""
        first = supervision.observed(self.places, unit.name)

        def lives() -> bool:
            seen = supervision.observed(self.places, unit.name)
            return bool(first and seen and seen.alive and seen.pid == first.pid)

        def settled() -> bool:
            return not lives() or local_http.is_ok(unit.port, own.health.ready)

        return supervision.wait_until(settled, own.run.ready_timeout_s) and lives()

    def stage(self, release: Release, env: Mapping[str, str]) -> Health:
        """The release runs on a port of its own; a serving one is left as it is."""
        if not self.places.venv(release.id).exists():
            raise StepFailed(f"release {release.id} has no virtual environment", "build it first")
        self._begin()
        known = load_unit(self.places, release.id)
        if known is None or not (self._serves(known) and self._is_up(known)):
            unit = self._unit(release, env, self._port_for(known))
            supervision.start(self.places, unit)
        return self.health(release)

    def health(self, release: Release) -> Health:
        """What the supervisor and the log say of the instance."""
        unit = load_unit(self.places, release.id)
        if unit is None:
            return Health(alive=False, url="", restarts=0, exit_code=None, log_tail="")
        said, url = self._tail(unit, TAIL_LINES), f"http://{unit.address}"
        seen = supervision.observed(self.places, unit.name)
        if seen is None:
            return Health(alive=False, url=url, restarts=0, exit_code=None, log_tail=said)
        tail = "\n".join(filter(None, (said, seen.detail)))
        return Health(seen.alive, url, seen.restarts, seen.exit_code, tail)

    def route(self, release: Release | None, fence: int) -> Moved:
        """The pointer is renamed into place, then the edge is asked until it answers from there.

        Raises `StepFailed` when no answer comes within 5 s; the pointer then stays, for the caller to undo.
        """
        if release is None:
            return Moved(self.edge.point("", fence).took_s)
        unit = load_unit(self.places, release.id)
        if unit is None or not self._is_up(unit):
            raise StepFailed(f"release {release.id} does not run", "stage it first")
        health = self._in_doubt(release.id).health
        moved = lead(self.edge, unit.address, fence, health, release.commit)
        if moved is None:
            raise StepFailed(
                f"release {release.id} does not answer through the edge on port {self.edge.port}",
                f"see {self.places.release_log(release.id)}",
            )
        return moved

    def inflight(self, release: Release) -> int:
        """What Caddy counts as open at the instance."""
        unit = load_unit(self.places, release.id)
        return self.edge.inflight(unit.address) if unit else 0

    def answers(self, release: Release, since: datetime) -> Callable[[], Sequence[Answer]]:
        """What Caddy noted of the instance, not before it was started: its port had others before it."""
        unit = load_unit(self.places, release.id)
        if unit is None:
            return tuple
        seen = supervision.observed(self.places, unit.name)
        began = seen.started_at if seen and not seen.restarts else 0.0
        return EdgeLog(self.places.access_log, unit.address, max(since.timestamp(), began))

    @staticmethod
    def entrance(port: int) -> str:
        """The port of loopback."""
        return f"http://127.0.0.1:{port}"

    def process(self, release: Release) -> int | None:
        """The one that the supervisor started, asked of the kernel now."""
        seen = supervision.observed(self.places, release.id)
        return seen.pid if seen is not None and seen.alive else None

    def memory_bytes(self, release: Release) -> int | None:
        """Of its session, which the supervisor began with it."""
        pid = self.process(release)
        return None if pid is None else session_bytes(pid)

    def retire(self, release: Release) -> Drained:
        """Drain signal, nothing open at the edge, SIGTERM, limit, SIGKILL."""
        unit = self._idle_unit(release)
        if unit is None:
            return Drained(clean=True, waited_s=0.0, detail="nothing was there")
        supervision.ensure(self.places)
        return draining.end(self.places, self.edge, unit)

    def dismantle(self) -> str | None:
        """Edge and supervisor end when nothing serves; data and the fence stay."""
        if self.edge.target():
            return None
        return "; ".join(shutdown.stop_processes(self.places)) or None

    def discard(self, release: Release) -> None:
        """Process, unit, port and directory of a release that does not serve are gone."""
        unit = self._idle_unit(release)
        if unit is not None:
            supervision.ensure(self.places)
            supervision.stop(self.places, unit)
            supervision.forget(self.places, unit.name)
        directory = self.places.release(release.id)
        if directory.exists():
            shutil.rmtree(directory)

    def templates(self, release_id: str, port: int) -> dict[str, str]:
        """What `run.command` may name."""
        edge_port = self.edge.port or self._environment.port
        return {
            "venv": str(self.places.venv(release_id)),
            "release": str(self.places.release(release_id)),
            "port": str(port),
            "state": str(self.places.state),
            "environment": self.places.state.name,
            "public_url": self._public_url or self._environment.public_url or f"http://127.0.0.1:{edge_port}",
            "python": sys.executable,
        }

    @property
    def _environment(self) -> Environment:
        return self._spec.environments.get(self.places.state.name) or Environment()

    def _argv(self, release_id: str, port: int) -> tuple[str, ...]:
        return fill_all(self._pinned(release_id).run.command, self.templates(release_id, port), "run.command")

    def _pinned(self, release_id: str) -> Pinned:
        return pinned(self._kept(release_id), self._spec, release_id)

    def _in_doubt(self, release_id: str) -> Pinned:
        return in_doubt(self._kept(release_id), self._spec, release_id)

    def _kept(self, release_id: str) -> bytes | None:
        path = self.places.pinned(release_id)
        return path.read_bytes() if path.exists() else None

    def _unit(self, release: Release, env: Mapping[str, str], port: int) -> Unit:
        run = self._pinned(release.id).run
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return Unit(
            name=release.id,
            argv=self._argv(release.id, port),
            env={**inherited, **env},
            cwd=str(self.places.release(release.id)),
            log=str(self.places.release_log(release.id)),
            port=port,
            stop_timeout_s=run.stop_timeout_s,
            drain_signal=run.drain_signal,
            clean_exit=run.clean_exit,
            clean_log=run.clean_log,
        )

    def _port_for(self, known: Unit | None) -> int:
        """The same port again unless somebody took it meanwhile."""
        if known and (supervision.runs(self.places, known) or ports.is_free(known.port)):
            return known.port
        return ports.pick(taken_ports(self.places))

    def _serving_unit(self) -> Unit | None:
        return next((unit for unit in all_units(self.places) if self._serves(unit)), None)

    def _serves(self, unit: Unit) -> bool:
        return unit.name != EDGE and unit.address == self.edge.target()

    def _is_up(self, unit: Unit) -> bool:
        return unit.desired is Desired.RUNNING and supervision.runs(self.places, unit)

    def _idle_unit(self, release: Release) -> Unit | None:
        """The release's unit. Raises `StepFailed` when it serves."""
        unit = load_unit(self.places, release.id)
        if unit and self._serves(unit):
            raise StepFailed(f"release {release.id} serves", "route to another release first")
        return unit

    def _tail(self, unit: Unit, lines: int) -> str:
        return by_shape(logfile.tail(self.places.release_log(unit.name), lines))
