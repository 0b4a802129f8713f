"""The one place where traffic enters: Caddy in front of a pointer file."""

import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hotelctl.core.errors import StepFailed, UsageError
from hotelctl.core.lazily import lazily
from hotelctl.core.redact import by_shape
from hotelctl.deploy.targets import caddy, disk, durable, lock, logfile, ports, refusals, supervision
from hotelctl.deploy.targets.edge_log import EdgeLog
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.units import Unit, load_unit
from hotelctl.facts.edge_log import Answer
from hotelctl.facts.state_file import fence_number, read_again

if TYPE_CHECKING:
    from hotelctl.deploy.targets import edge_admin
else:
    edge_admin = lazily("hotelctl.deploy.targets.edge_admin")

NAME = "edge"
UP_LIMIT_S = 15.0
LOCK_LIMIT_S = 5.0
_MARGIN_S = 5.0
_NEWEST = "write the newest fence into it that hotelctl lock status tells"


class Edge:
    """Caddy, supervised as the unit `edge`."""

    def __init__(self, places: Places) -> None:
        self._places = places

    @property
    def unit(self) -> Unit | None:
        """The edge's unit; None before the first `ensure`."""
        return load_unit(self._places, NAME)

    @property
    def port(self) -> int | None:
        """Where clients find it."""
        unit = self.unit
        return unit.port if unit else None

    def begin(self, _port: int) -> bool:
        """A supervisor runs: the edge itself comes after what it leads to."""
        supervision.ensure(self._places)
        return False

    def ensure(self, port: int) -> bool:
        """It listens on `port`; whether it had to be moved from another one."""
        config = caddy.configuration(ports.loopbacks(), port)
        before, stamp = self.unit, hashlib.sha256(config).hexdigest()
        if before is None or before.stamp != stamp or not self._is_fit(before):
            with disk.writing(self._places.state):
                durable.write(self._places.edge / "caddy.json", config)
            wish = self._make_unit(port, stamp)
        else:
            wish = before
        supervision.start(self._places, wish)
        if not supervision.wait_until(lambda: self._is_up(wish), UP_LIMIT_S):
            said = by_shape(logfile.tail(Path(wish.log), 2))
            raise StepFailed(f"the edge does not answer on port {port}: {said}", f"see {wish.log}")
        return before is not None and before.port != port

    def _is_fit(self, unit: Unit) -> bool:
        """Whether its program is still there, and it is not that of a directory which this is a copy of."""
        return Path(unit.argv[0]).exists() and unit.belongs(self._places.state)

    def _make_unit(self, port: int, stamp: str) -> Unit:
        home = str(self._places.edge)
        env = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": home,
            "XDG_DATA_HOME": f"{home}/home",
            "XDG_CONFIG_HOME": f"{home}/home",
        }
        return Unit(
            name=NAME,
            argv=(str(caddy.find()), "run", "--config", "caddy.json"),
            env=env,
            cwd=home,
            log=f"{home}/caddy.log",
            port=port,
            stop_timeout_s=caddy.GRACE_S + _MARGIN_S,
            stamp=stamp,
        )

    def obstacle(self, port: int) -> str | None:
        """Why it could not listen on `port`, None when it can or does.

        To be asked first, because Caddy shares a port with another Caddy without a word.
        """
        faults = [fault for host in ports.loopbacks() if (fault := ports.fault(port, host))]
        if not faults:
            return None
        seen = supervision.observed(self._places, NAME)
        ours = seen.pid if seen and seen.alive else -1
        holders = list(ports.holders(port))
        foreign = [str(holder) for holder in holders if holder.pid != ours]
        return next(iter(foreign), None if holders else faults[0])

    def _is_up(self, unit: Unit) -> bool:
        """Our process runs this configuration and takes connections."""
        seen = supervision.observed(self._places, NAME)
        if not seen or not seen.alive or seen.revision != unit.revision:
            return False
        try:
            socket.create_connection(("127.0.0.1", unit.port), timeout=1).close()
        except OSError:
            return False
        return edge_admin.upstreams_of(self._places.edge) is not None

    def target(self) -> str:
        """The address that the pointer holds, "" when it is empty or absent."""
        try:
            return self._places.active.read_text(errors="replace").strip()
        except FileNotFoundError:
            return ""

    def point(self, address: str, fence: int) -> durable.Renamed:
        """All new requests go to `address`, none anywhere for "". Raises `StepFailed` for a lower fence."""
        with self._exclusive():
            highest = self.fence()
            if fence < highest:
                raise refusals.superseded(fence, highest)
            with disk.writing(self._places.state):
                if fence >= highest:
                    durable.write(self._places.edge / "fence", str(fence).encode())
                return durable.write(self._places.active, address.encode())

    def fence(self) -> int:
        """The highest fence that was ever accepted, 0 at first.

        Where that cannot be read, the highest that the lock ever gave: none is accepted above it.
        Raises `UsageError` when that cannot be read either.
        """
        accepted, given = self._places.edge / "fence", self._places.state / "fence"
        if not accepted.exists():
            return 0
        try:
            return read_again(accepted, accepted.read_bytes(), fence_number, _NEWEST)
        except UsageError:
            if not given.exists():
                raise
            return read_again(given, given.read_bytes(), fence_number, _NEWEST)

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        """Between reading the fence and the rename nobody else switches."""
        until = time.monotonic() + LOCK_LIMIT_S
        while (held := lock.take(self._places.edge / "lock")) is None:
            if time.monotonic() >= until:
                raise refusals.busy()
            time.sleep(supervision.LOOK_S)
        try:
            yield
        finally:
            os.close(held)

    def answers(self, address: str, since_s: float) -> Callable[[], Sequence[Answer]]:
        """What the instance there answered since that Unix time; each call tells what none told before."""
        return EdgeLog(self._places.access_log, address, since_s)

    @staticmethod
    def way(address: str) -> int:
        """The port of loopback that the address has."""
        return int(address.rpartition(":")[2])

    @staticmethod
    def entrance(port: int) -> int:
        """The port itself."""
        return port

    @staticmethod
    def end() -> Sequence[str]:
        """Nothing: it ends with the environment's processes."""
        return ()

    def inflight(self, address: str) -> int:
        """Requests that are open at `address`, as Caddy counts them; 0 when no edge runs."""
        seen = supervision.observed(self._places, NAME)
        if seen is None or not seen.alive:
            return 0
        upstreams = edge_admin.upstreams_of(self._places.edge)
        if upstreams is None:
            raise StepFailed("the edge does not say which requests are open", f"see {self._places.edge}")
        return upstreams.get(address, 0)
