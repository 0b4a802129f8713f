"""Which engine of another host an environment serves from: written down before anything is made there."""

from contextlib import suppress
from dataclasses import asdict, dataclass

from hotelctl.deploy.targets import durable
from hotelctl.deploy.targets.places import Places

_NAME = "elsewhere.json"


@dataclass(frozen=True, slots=True)
class FarRecord:
    """`engine` as `DOCKER_HOST` names it, the edge's container there, and the port of that host it opens."""

    engine: str
    container: str
    port: int

    def store(self, places: Places) -> None:
        """Durable; its directory exists."""
        durable.write_json(places.edge / _NAME, asdict(self))


def load(places: Places) -> FarRecord | None:
    """What was written down; None where the environment serves from this machine, or from nowhere yet."""
    data = durable.read_json(places.edge / _NAME)
    with suppress(KeyError, TypeError, ValueError):
        return FarRecord(str(data["engine"]), str(data["container"]), int(data["port"])) if data else None
    return None


def forget(places: Places) -> None:
    """The environment may serve from anywhere."""
    durable.remove(places.edge / _NAME)
