"""A container that is there: known for this environment's own, and ended as a process is."""

import hashlib
import time

from hotelctl.core.containers import Contained, Containers
from hotelctl.core.errors import StepFailed
from hotelctl.deploy.target import Drained
from hotelctl.deploy.targets import container_log, disk, supervision
from hotelctl.deploy.targets.berth import Berth
from hotelctl.deploy.targets.front import Counting
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.verdict import NEVER_RAN, verdict

OWNER = "hotelctl.owner"
RELEASE = "hotelctl.release"
REVISION = "hotelctl.revision"


def owner(places: Places) -> str:
    """Stands for the state directory: a copy of it elsewhere finds nothing of the original's."""
    return hashlib.sha256(bytes(places.state.resolve())).hexdigest()[:16]


class Moored:
    """The containers of one environment."""

    def __init__(self, places: Places, edge: Counting, containers: Containers) -> None:
        """Nothing is asked yet."""
        self._places = places
        self._edge = edge
        self._engine = containers

    def find(self, known: Berth) -> Contained | None:
        """The container, None when it is gone. Raises `StepFailed` for one that is not ours."""
        if not known.is_on(self._engine.engine):
            raise StepFailed(
                f"release {known.release} was started on the engine {known.engine}, "
                f"which {self._engine.engine} is not",
                f"DOCKER_HOST={known.engine}",
            )
        found = self._engine.find(known.container)
        if found is not None:
            require_own(found, self._places)
        return found

    def end(self, known: Berth) -> Drained:
        """The container has ended and its log is kept; how it went. The same again when it had before."""
        self.drain(known)
        began = time.monotonic()
        until = began + known.stop_timeout_s
        left = self._open(known, until)
        # One that had read the pointer before it moved may come after a moment with none.
        while left and time.monotonic() < until:
            left = self._open(known, until)
        self._engine.stop(known.container, known.stop_timeout_s)
        return self._verdict(known, time.monotonic() - began, left)

    def _open(self, known: Berth, until: float) -> int:
        """How many requests the edge has open there, after it had none or at that monotonic time."""
        limit_s = max(0.0, until - time.monotonic())
        supervision.wait_until(lambda: not self._edge.inflight(known.address), limit_s)
        return self._edge.inflight(known.address)

    def drain(self, known: Berth) -> None:
        """The engine leaves it down once it ends, and it has had its drain signal."""
        self._engine.keep(known.container, running=False)
        if known.drain_signal:
            self._engine.signal(known.container, known.drain_signal)

    def _verdict(self, known: Berth, waited_s: float, left: int) -> Drained:
        found = self.find(known)
        if found is None or not found.started_at_s:
            return Drained(clean=True, waited_s=waited_s, detail=NEVER_RAN)
        with disk.writing(self._places.state):
            container_log.copy(self._engine, known.container, self._places.release_log(known.release))
        since_s = found.started_at_s
        return verdict(
            known,
            found.exit_code,
            lambda line: self._said(known.container, line, since_s),
            waited_s,
            left,
        )

    def _said(self, name: str, words: str, since_s: float) -> bool:
        return any(words.encode() in line for _, line in self._engine.log(name, since_s))


def require_own(found: Contained, places: Places) -> None:
    """Return for a container of this environment. Raises `StepFailed` for another's, which is left alone."""
    if found.labels.get(OWNER) != owner(places):
        raise StepFailed(
            f"a container named {found.name} is there already, and it is not of this environment",
            f"docker inspect {found.name} tells whose it is; it is not touched",
        )
