"""How the edge on another host comes to be: its image tried, its container made, or made anew."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from hotelctl.config.docker_edge import DockerEdge
from hotelctl.core.containers import Contained, Containers, Handed, Volume, Wanted
from hotelctl.core.errors import StepFailed
from hotelctl.core.redact import by_shape
from hotelctl.deploy.targets import caddy, disk, durable, far_record, supervision
from hotelctl.deploy.targets.far_edge import ADMIN, HOME, INSIDE, STOP_S, FarEdge
from hotelctl.deploy.targets.far_record import FarRecord
from hotelctl.deploy.targets.moored import REVISION
from hotelctl.deploy.targets.mooring import TAKEN, Mooring
from hotelctl.deploy.targets.places import Places

UP_LIMIT_S = 30.0
_TRIAL_S = 30.0
_CONFIG = "/etc/hotelctl/caddy.json"
_START = f'cd {HOME} && exec caddy run --config "$0"'
_PROGRAMS = "flock mv sync nc sleep cat"
_TRIAL = f"""for one in {_PROGRAMS}; do
    command -v "$one" >/dev/null || {{ echo "no program $one"; exit 9; }}
done
caddy version
"""
# The engine's own, which is there before any environment's.
_BRIDGE = "bridge"
_SETTING = 'say it in the service file: image = "caddy:2.11.2-alpine@sha256:..." in [docker.edge]'


class FarFront(FarEdge):
    """The edge of one environment."""

    def __init__(
        self, places: Places, settings: DockerEdge, containers: Containers, mooring: Mooring
    ) -> None:
        """Nothing is made yet."""
        super().__init__(places, containers, f"{mooring.name('edge')}-{mooring.digest}")
        self._settings = settings
        self._mooring = mooring

    @property
    def _image(self) -> str:
        if self._settings.image is None:
            raise StepFailed(
                f"the engine {self._engine.engine} is elsewhere, and nothing says which image its edge is of",
                _SETTING,
            )
        return self._settings.image

    def obstacle(self, port: int) -> str | None:
        """Why it could not listen on `port` of that host, None when it can or does."""
        found = self.found()
        if self._engine.image(self._image) is None or (found and found.running and self.port == port):
            return None
        return self._tried(port)

    def begin(self, port: int) -> bool:
        """It listens on `port`: releases are reached through it."""
        return self.ensure(port)

    def ensure(self, port: int) -> bool:
        """It listens on `port`; whether it had to be moved from another one.

        One that was made otherwise is stopped first, and nobody listens until the new one does.
        """
        config, before, former = caddy.contained(INSIDE, ADMIN), self.found(), self.port
        wanted = self._wanted(port, hashlib.sha256(config).hexdigest())
        with disk.writing(self._places.state):
            durable.write(self._places.edge / "caddy.json", config)
        if before is None or not _is_whole(before, wanted):
            self._require_fit(port, before, former)
            self._record(port)
            self._make(before, wanted)
        self._engine.start(self._name, wanted.network)
        self._engine.keep(self._name, running=True)
        if not supervision.wait_until(self._is_up, UP_LIMIT_S):
            raise StepFailed(f"the edge {self._name} does not answer", f"docker logs {self._name}")
        return before is not None and former not in {None, port}

    def end(self) -> Sequence[str]:
        """The container is gone; its volume stays, with the fence."""
        found = self.found()
        if found is not None:
            self._engine.stop(self._name, STOP_S)
            self._engine.remove(self._name)
        # Also where somebody removed it, or was killed just after: else the environment could never move.
        far_record.forget(self._places)
        return () if found is None else (f"edge {self._name} removed",)

    def _record(self, port: int) -> None:
        with disk.writing(self._places.state):
            FarRecord(self._engine.engine, self._name, port).store(self._places)

    def _require_fit(self, port: int, before: Contained | None, former: int | None) -> None:
        """Return when the image is one to make an edge of, on that port. Raises `StepFailed`."""
        self._engine.fetch(self._image)
        ours = before is not None and before.running and former == port
        if held := self._tried(None if ours else port):
            raise StepFailed(held, "free it, or choose another port: --port N")

    def _wanted(self, port: int, config: str) -> Wanted:
        made = Wanted(
            name=self._name,
            image=self._image,
            argv=("/bin/sh", "-c", _START, _CONFIG),
            labels=self._mooring.labels(),
            network=self._mooring.network(),
            port=INSIDE,
            host_port=port,
            env={"HOME": HOME, "XDG_DATA_HOME": f"{HOME}/home", "XDG_CONFIG_HOME": f"{HOME}/home"},
            binds=(),
            hosts={},
            user="0:0",
            volumes=(Volume(self._name, HOME),),
            address=str(self._settings.address or "127.0.0.1"),
        )
        parts = json.dumps([asdict(made), config], sort_keys=True)
        return replace(
            made, labels={**made.labels, REVISION: hashlib.sha256(parts.encode()).hexdigest()[:16]}
        )

    def _make(self, before: Contained | None, wanted: Wanted) -> None:
        if before is not None:
            self._engine.stop(self._name, STOP_S)
            self._engine.remove(self._name)
        self._engine.create(wanted)
        self._engine.hand(self._name, [Handed(str(self._places.edge / "caddy.json"), _CONFIG)], (0, 0))

    def _is_up(self) -> bool:
        """Our container takes connections."""
        found = self.found()
        if found is None or not found.running:
            return False
        code, _ = self._engine.run(self._name, ["nc", "-w", "1", "127.0.0.1", str(INSIDE)])
        return code == 0 and self.upstreams() is not None

    def _tried(self, port: int | None) -> str | None:
        """Why `port` cannot be opened there. Raises `StepFailed` for an image that is no edge."""
        name = f"{self._name}-trial"
        wanted = Wanted(
            name=name,
            image=self._image,
            argv=("/bin/sh", "-c", _TRIAL),
            labels=self._mooring.labels(),
            network=_BRIDGE,
            port=INSIDE,
            host_port=port,
            env={},
            binds=(),
            hosts={},
            user="0:0",
            address=str(self._settings.address or "127.0.0.1"),
        )
        trial = FarEdge(self._places, self._engine, name)
        if trial.found() is not None:
            self._engine.remove(name)
        try:
            self._engine.create(wanted)
            self._engine.start(name, _BRIDGE)
            supervision.wait_until(
                lambda: (one := trial.found()) is None or one.exit_code is not None, _TRIAL_S
            )
            ended = trial.found()
            said = by_shape(
                " ".join(line.decode(errors="replace").strip() for _, line in self._engine.log(name, 0))
            )
        except StepFailed as refusal:
            if port is None or not any(words in refusal.message for words in TAKEN):
                raise
            return f"port {port} is held by another program at {wanted.address} of the engine's host"
        finally:
            self._engine.remove(name)
        self._require_caddy(said, ended)
        return None

    def _require_caddy(self, said: str, ended: Contained | None) -> None:
        number = caddy.number_of(said)
        if ended is None or ended.exit_code != 0 or number is None:
            raise StepFailed(
                f"{self._image} is no image for an edge: {said or 'it does not start'}", _SETTING
            )
        if number < caddy.MINIMUM:
            there = ".".join(map(str, number))
            raise StepFailed(f"{self._image} has Caddy {there}: the edge needs 2.11.2 or newer", _SETTING)


def _is_whole(found: Contained, wanted: Wanted) -> bool:
    """One that was never started may lack its configuration."""
    return bool(found.started_at_s) and found.labels.get(REVISION) == wanted.labels[REVISION]
