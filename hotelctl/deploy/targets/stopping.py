"""Ends all containers of one environment, and its processes, in the order that cuts off no request."""

from collections.abc import Callable, Iterator

from hotelctl.core.containers import Containers
from hotelctl.core.errors import Interrupted, StepFailed
from hotelctl.deploy.targets import berth, far_record, shutdown
from hotelctl.deploy.targets.berth import Berth
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.far_edge import FarEdge
from hotelctl.deploy.targets.moored import Moored
from hotelctl.deploy.targets.places import Places


def stop_containers(places: Places, engine_at: Callable[[str], Containers]) -> Iterator[str]:
    """What was stopped, line by line, in the order of `shutdown.stop_processes`; the pointer stays.

    Each container is asked for of the engine that it was started on. Where one cannot be asked, everything
    else ends, and then it raises what that engine's port raises.
    """
    running: list[tuple[Moored, Berth]] = []
    troubles: list[StepFailed | Interrupted] = []
    far = _far_edge(places, engine_at)
    for one in berth.each(places):
        moored = Moored(places, far or Edge(places), engine_at(one.engine))
        try:
            seen = moored.find(one)
            if seen is not None and (seen.running or seen.paused):
                moored.drain(one)
                running.append((moored, one))
        except (StepFailed, Interrupted) as trouble:
            troubles.append(trouble)
    yield from shutdown.stop_processes(places)
    try:
        if far is not None and (said := far.stop()):
            yield said
    except (StepFailed, Interrupted) as trouble:
        troubles.append(trouble)
    for moored, one in running:
        yield f"release {one.release} stopped: {moored.end(one).detail}"
    if troubles:
        raise troubles[0]


def _far_edge(places: Places, engine_at: Callable[[str], Containers]) -> FarEdge | None:
    known = far_record.load(places)
    return FarEdge(places, engine_at(known.engine), known.container) if known else None
