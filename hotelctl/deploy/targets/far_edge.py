"""The edge of an engine on another host: a container beside the releases, asked through that engine."""

import time
from collections.abc import Callable, Sequence

from hotelctl.core.containers import Contained, Containers
from hotelctl.core.errors import StepFailed
from hotelctl.core.redact import by_shape
from hotelctl.deploy.targets import caddy, container_log, disk, durable, edge_admin, far_record, refusals
from hotelctl.deploy.targets.moored import require_own
from hotelctl.deploy.targets.places import Places
from hotelctl.facts.edge_log import Answer, answer_of

HOME = "/srv/hotelctl-edge"
"""The container's working directory, on a volume: pointer and fence outlive it."""
INSIDE, ADMIN = 8080, 2019
STOP_S = caddy.GRACE_S + 5.0
_LOWER, _BUSY = 3, 75
_LATE_S = 2.0
"""How much later than a line that was told one may come that is of before it."""
# The kernel frees the lock of a program that is killed. Whoever asks again finds what was written.
_FLIP = f"""set -e
cd {HOME}
exec 9>lock
left=50
until flock -n 9; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || exit {_BUSY}
    sleep 0.1
done
highest=0
if [ -s fence ]; then highest=$(cat fence); fi
if [ "$1" -lt "$highest" ]; then echo "$highest"; exit {_LOWER}; fi
printf %s "$1" >fence.new
printf %s "$2" >active.new
sync fence.new active.new
mv -f fence.new fence
mv -f active.new active
sync .
"""


class FarEdge:
    """A container that is there, or was, by its name."""

    def __init__(self, places: Places, containers: Containers, container: str) -> None:
        """Nothing is asked yet."""
        self._places = places
        self._engine = containers
        self._name = container

    @property
    def port(self) -> int | None:
        """Where clients find it on that host; None before it was ever made."""
        known = far_record.load(self._places)
        return known.port if known else None

    def found(self) -> Contained | None:
        """The container; None when there is none. Raises `StepFailed` for another's of that name."""
        found = self._engine.find(self._name)
        if found is not None:
            require_own(found, self._places)
        return found

    def runs(self) -> bool:
        """Whether it does now."""
        found = self.found()
        return found is not None and found.running

    def target(self) -> str:
        """The address that the pointer holds, "" when it is empty or absent.

        Where somebody removed the container, the one that it was given last from here.
        """
        if self.found() is None:
            there = self._places.active
            return there.read_text(errors="replace").strip() if there.exists() else ""
        held = self._engine.content(self._name, f"{HOME}/active") or b""
        return held.decode(errors="replace").strip()

    def point(self, address: str, fence: int) -> durable.Renamed:
        """All new requests go to `address`, none anywhere for "". Raises `StepFailed` for a lower fence.

        The time is that of the whole order to the engine: the rename within it is not told apart.
        """
        found = self.found()
        if found is None:
            if address:
                raise StepFailed(f"the edge {self._name} is gone", "hotelctl deploy makes it again")
            return durable.Renamed(time.monotonic(), 0.0)
        if not found.running:
            raise StepFailed(f"the edge {self._name} does not run", "hotelctl deploy starts it again")
        began = time.monotonic()
        code, said = self._engine.run(self._name, ["sh", "-c", _FLIP, "flip", str(fence), address])
        renamed = durable.Renamed(began, time.monotonic() - began)
        if code == _LOWER:
            raise refusals.superseded(fence, said)
        if code == _BUSY:
            raise refusals.busy()
        if code:
            raise StepFailed(f"the edge {self._name} refuses the switch: {by_shape(said)}")
        with disk.writing(self._places.state):
            durable.write(self._places.active, address.encode())
        return renamed

    def fence(self) -> int:
        """The highest fence that was ever accepted, 0 at first. Raises `StepFailed` for an unreadable one."""
        held = self._engine.content(self._name, f"{HOME}/fence") or b"0"
        if not held.strip().isdigit():
            raise StepFailed(
                f"{HOME}/fence of the edge {self._name} holds no number",
                "write the newest fence into it that hotelctl lock status tells",
            )
        return int(held)

    def inflight(self, address: str) -> int:
        """Requests that are open at `address`, as Caddy counts them; 0 when no edge runs."""
        if not self.runs():
            return 0
        upstreams = self.upstreams()
        if upstreams is None:
            raise StepFailed("the edge does not say which requests are open", f"docker logs {self._name}")
        return upstreams.get(address, 0)

    def upstreams(self) -> dict[str, int] | None:
        """The open requests at each address; None where it does not say."""
        listening = f"127.0.0.1:{ADMIN}"
        return edge_admin.upstreams_at(self.way(listening), listening)

    def answers(self, address: str, since_s: float) -> Callable[[], Sequence[Answer]]:
        """What the instance there answered since that Unix time; each call tells what none told before."""
        return _Answers(self._engine, self._name, address, since_s)

    def way(self, address: str) -> int:
        """The port of this machine's loopback by which that address is reached, through the container."""
        host, _, port = address.rpartition(":")
        return self._engine.way(self._name, host, int(port))

    def entrance(self, _port: int) -> int:
        """The same for the edge itself."""
        return self.way(f"127.0.0.1:{INSIDE}")

    def stop(self) -> str | None:
        """It does not run, until a deploy starts it; a line that says so, None where it did not."""
        found = self.found()
        if found is None or not found.running:
            return None
        self._engine.stop(self._name, STOP_S)
        return f"edge {self._name} stopped"


class _Answers:
    """Each line once, by its text and its time: of output and errors one may be seen after a later one."""

    def __init__(self, containers: Containers, edge: str, address: str, since_s: float) -> None:
        self._engine = containers
        self._edge = edge
        self._address = address
        self._since_s = since_s
        self._from_s = since_s
        self._seen: frozenset[tuple[str, bytes]] = frozenset()

    def __call__(self) -> Sequence[Answer]:
        """Those that are told the first time."""
        lines = self._engine.log(self._edge, self._from_s)
        found = [
            one
            for line in lines
            if line not in self._seen and (one := answer_of(line[1], self._address)) is not None
        ]
        if lines:
            self._from_s = max(self._from_s, max(container_log.second_of(at) for at, _ in lines) - _LATE_S)
        self._seen = frozenset(line for line in lines if container_log.second_of(line[0]) >= self._from_s)
        return [one for one in found if one.at_s >= self._since_s]
