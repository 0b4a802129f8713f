"""Whether clients reach what serves: asked through the edge, as they ask."""

from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from hotelctl.cli._target import engine_at
from hotelctl.config.service import Health
from hotelctl.core.errors import Interrupted, StepFailed
from hotelctl.core.http import Http
from hotelctl.deploy.targets import far_record, supervision
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.far_edge import FarEdge
from hotelctl.deploy.targets.places import Places

_ASKED_S = 2.0
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Machinery:
    """Which programs around a release run, and the port that the edge was given; None before the first.

    `supervisor` is None where none is needed: the engine itself starts again what ends.
    """

    supervisor: bool | None
    edge: bool
    port: int | None

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return self.supervisor is not False and self.edge


def machinery(state: Path) -> Machinery:
    """As the kernel tells it now, or the engine elsewhere: of one that does not answer nothing runs."""
    places = Places(state.resolve())
    if (far := far_record.load(places)) is not None:
        runs = False
        with suppress(StepFailed, Interrupted):
            runs = FarEdge(places, engine_at(far.engine), far.container).runs()
        return Machinery(None, runs, far.port)
    edge = Edge(places).unit
    runs = edge is not None and supervision.runs(places, edge)
    return Machinery(supervision.is_running(places), runs, edge.port if edge else None)


def unreached(
    spec: Health, around: Machinery, port: int, commit: str, http: Http, *, url: str | None = None
) -> str | None:
    """Why no client gets an answer of `commit` on `port`; None when they do. Takes two seconds at most.

    It is asked at `url` where that port is not this machine's.
    """
    reply = http.request("GET", f"{url or f'http://127.0.0.1:{port}'}{spec.version}", timeout_s=_ASKED_S)
    if reply.status is None:
        refused = "refused" in reply.error
        return f"nothing listens on port {port}" if refused else f"port {port}: {reply.error}"
    if not around.edge:
        return f"the edge does not run, and another program answers on port {port}"
    if reply.status != HTTPStatus.OK:
        return f"{spec.version} on port {port} answered {reply.status}"
    body = reply.json()
    said = body.get(spec.commit_field) if isinstance(body, dict) else None
    if said == commit:
        return None
    other = "does not say which commit runs" if said is None else f"runs another commit: {str(said)[:_SHOWN]}"
    return f"port {port} {other}"
