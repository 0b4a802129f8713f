"""Where a release's container is, and the rules of its end: written before the container is made."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hotelctl.deploy.targets import durable
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.units import all_units

_NAME = "berth.json"
HERE = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Berth:
    """`engine` as `DOCKER_HOST` names it; the edge dials the release at `host` and `port`.

    `host` is this machine's loopback, or the container's name where its engine is elsewhere. `clean_*` are
    for who judges its end.
    """

    release: str
    container: str
    engine: str
    port: int
    stop_timeout_s: float
    drain_signal: str | None
    clean_exit: tuple[int, ...]
    clean_log: str | None
    host: str = HERE

    @property
    def address(self) -> str:
        """Where it is reached, as the edge dials it."""
        return f"{self.host}:{self.port}"

    def is_on(self, engine: str) -> bool:
        """Whether that engine has it: a socket may be named by more than one path."""
        return _spelt(self.engine) == _spelt(engine)

    def store(self, places: Places) -> None:
        """Durable; its directory exists."""
        durable.write_json(_path(places, self.release), asdict(self))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Berth":
        """What `store` wrote. Raises `KeyError`, `TypeError` or `ValueError` for something else."""
        # One that was written before there were others has no host.
        known = {"host": HERE, **data}
        known = {name: known[name] for name in cls.__slots__}
        return cls(**{**known, "clean_exit": tuple(data["clean_exit"])})


def load(places: Places, release: str) -> Berth | None:
    """The berth of that release; None when there is none, or none that can be read."""
    data = durable.read_json(_path(places, release))
    with suppress(KeyError, TypeError, ValueError):
        return Berth.from_json(data) if data else None
    return None


def each(places: Places) -> Iterator[Berth]:
    """Every berth of the environment, by release."""
    for path in sorted((places.state / "releases").glob(f"*/{_NAME}")):
        if (found := load(places, path.parent.name)) is not None:
            yield found


def taken_ports(places: Places) -> set[int]:
    """The ports that belong to a release of the environment, whatever it runs as, be it down."""
    return {one.port for one in each(places)} | {unit.port for unit in all_units(places)}


def _spelt(engine: str) -> str:
    scheme, _, place = engine.partition("://")
    return str(Path(place).resolve()) if scheme == "unix" else engine


def _path(places: Places, release: str) -> Path:
    return places.release(release) / _NAME
