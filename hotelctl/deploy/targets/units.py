"""What shall run (`Unit`, written by commands) and what was seen (`Observed`, written by the supervisor).

Standard library only: the supervisor imports this.
"""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from hotelctl.deploy.targets import durable, identity
from hotelctl.deploy.targets.places import Places


class Desired(StrEnum):
    """What a unit file asks for. Draining: the drain signal was sent, it runs on, it is not restarted."""

    RUNNING = "running"
    DRAINING = "draining"
    STOPPED = "stopped"


class State(StrEnum):
    """What the supervisor saw last.

    Starting: a process exists that is not yet, or never will be, the unit's program. Waiting: it ended by
    itself and is started again after a pause.
    """

    STARTING = "starting"
    RUNNING = "running"
    DRAINING = "draining"
    STOPPING = "stopping"
    WAITING = "waiting"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Unit:
    """One process and the rules of its end; `clean_*` are for who judges the end.

    `wish` is new with every change, so that whoever asked can see that the supervisor has read it.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    cwd: str
    log: str
    port: int
    stop_timeout_s: float
    drain_signal: str | None = None
    clean_exit: tuple[int, ...] = (0, -15, 143)
    clean_log: str | None = None
    stamp: str = ""
    desired: Desired = Desired.RUNNING
    wish: str = ""

    @property
    def revision(self) -> str:
        """Changes with whatever needs a new start: command, environment, directory, `stamp`."""
        launch = json.dumps([self.argv, dict(self.env), self.cwd, self.stamp], sort_keys=True)
        return hashlib.sha256(launch.encode()).hexdigest()[:16]

    @property
    def address(self) -> str:
        """Where it listens, as the edge dials it."""
        return f"127.0.0.1:{self.port}"

    def belongs(self, state: Path) -> bool:
        """Whether it was made for this state directory, and not for one that this is a copy of."""
        return Path(self.cwd).is_relative_to(state.resolve())

    def store(self, directory: Path) -> None:
        """Durable; readable by the owner only."""
        durable.write_json(directory / f"{self.name}.json", asdict(self))

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Unit":
        """What `store` wrote. Raises `KeyError`, `TypeError` or `ValueError` for something else."""
        known = {name: data[name] for name in cls.__slots__ if name in data}
        lists = {name: tuple(data[name]) for name in ("argv", "clean_exit")}
        return cls(**{**known, **lists, "desired": Desired(data["desired"])})


@dataclass(frozen=True, slots=True)
class Observed:
    """`exit_code` is of the last end, None when unknown; `log_offset` is where the newest run begins.

    `home` is the directory that this was written for: in a copy of it, it speaks of another's process.
    """

    name: str
    state: State
    revision: str
    pid: int = 0
    start_ticks: int = 0
    boot: str = ""
    started_at: float = 0.0
    restarts: int = 0
    exit_code: int | None = None
    log_offset: int = 0
    detail: str = ""
    wish: str = ""
    home: str = ""

    @property
    def alive(self) -> bool:
        """Whether the process that was seen still runs, asked of the kernel now."""
        return self.pid > 0 and identity.alive(self.pid, self.start_ticks, self.boot)

    def store(self, directory: Path) -> None:
        """Durable, and bound to `directory`."""
        bound = asdict(self) | {"home": str(directory.resolve())}
        durable.write_json(directory / f"{self.name}.json", bound)


def load_unit(places: Places, name: str) -> Unit | None:
    """The unit of that name; None when there is none, or none that can be read."""
    data = durable.read_json(places.units / f"{name}.json")
    with suppress(KeyError, TypeError, ValueError):
        return Unit.from_json(data) if data else None
    return None


def all_units(places: Places) -> tuple[Unit, ...]:
    """Every unit, by name."""
    names = sorted(path.stem for path in places.units.glob("[!.]*.json"))
    return tuple(unit for name in names if (unit := load_unit(places, name)))


def load_observed(directory: Path, name: str) -> Observed | None:
    """What was seen of `name` here; None when nothing was, or only where this directory was copied from."""
    data = durable.read_json(directory / f"{name}.json")
    if data and not identity.belongs(data, directory):
        return None
    known = {key: data[key] for key in Observed.__slots__ if key in data} if data else {}
    return Observed(**{**known, "state": State(known["state"])}) if known else None
