"""Containers of an engine, as a target asks for them: found again by name, told apart by labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ImageStart:
    """How an image starts: its whole command line, its user as it says it, the TCP ports that it exposes."""

    argv: tuple[str, ...]
    user: str
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bind:
    """A file or directory of this machine that the container has at `place`."""

    source: str
    place: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Handed:
    """A file or directory of this machine of which the container gets a copy at `place`."""

    source: str
    place: str


@dataclass(frozen=True, slots=True)
class Volume:
    """Files of the engine's own that outlive the container, which has them at `place`."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A container to be made. What listens on `port` in it is reached at `host_port` of the engine's host.

    There at `address` alone; without a `host_port` it is reached only from containers on its network. `env`
    is seen by whoever may ask the engine. `hosts` are names that it knows besides, with their address.
    """

    name: str
    image: str
    argv: tuple[str, ...]
    labels: Mapping[str, str]
    network: str
    port: int
    host_port: int | None
    env: Mapping[str, str]
    binds: tuple[Bind, ...]
    hosts: Mapping[str, str]
    user: str | None
    volumes: tuple[Volume, ...] = ()
    address: str = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Contained:
    """What the engine says of a container. `exit_code` is None while it runs and before it first did.

    `started_at_s` is Unix time, `pid` the process as this machine numbers it; both 0 where there is none, and
    `pid` where the engine is elsewhere.
    """

    name: str
    labels: Mapping[str, str]
    running: bool
    exit_code: int | None
    restarts: int
    started_at_s: float
    pid: int
    detail: str
    paused: bool = False


class Containers(Protocol):
    """An engine. Each act may be repeated.

    Raises:
        StepFailed: the engine refuses.
        Interrupted: it ceased to answer, so that nothing is known of what was asked.

    """

    @property
    def engine(self) -> str:
        """Where it is, as `DOCKER_HOST` names it."""
        ...

    def obstacle(self) -> str | None:
        """Why it cannot be asked, in one line; None when it answers."""
        ...

    def image(self, image: str) -> ImageStart | None:
        """How it starts; None where the engine has no such image."""
        ...

    def fetch(self, image: str) -> None:
        """The engine has the image of that name, from its registry where it had none."""
        ...

    def find(self, name: str) -> Contained | None:
        """The container of that name, whoever made it; None when there is none."""
        ...

    def create(self, wanted: Wanted) -> None:
        """It is there and was not started."""
        ...

    def hand(self, name: str, handed: Sequence[Handed], user: tuple[int, int]) -> None:
        """The container has copies of them, which belong to that user and group, with the modes of here."""
        ...

    def holds(self, name: str, path: str) -> bool:
        """Whether the container's files have something at `path`."""
        ...

    def content(self, name: str, path: str) -> bytes | None:
        """The file at `path` of the container, which need not run; None where there is none."""
        ...

    def run(self, name: str, argv: Sequence[str]) -> tuple[int, str]:
        """The exit code of a program that ran to its end in the running container, and what it printed."""
        ...

    def way(self, name: str, host: str, port: int) -> int:
        """A port of this machine's loopback that leads to what the running container reaches there.

        It needs the program `nc` in the container, and stands as long as this process lives.
        """
        ...

    def start(self, name: str, network: str) -> None:
        """It was started on that network, be it another than it was made on; fine when it runs."""
        ...

    def keep(self, name: str, *, running: bool) -> None:
        """Whether the engine starts it again when it ends by itself, and after the engine's own start."""
        ...

    def signal(self, name: str, number: str) -> None:
        """Its first process had the signal; fine when it does not run."""
        ...

    def stop(self, name: str, limit_s: float) -> None:
        """It does not run: asked to end, and killed after the limit. Fine when it is gone."""
        ...

    def remove(self, name: str) -> None:
        """It is gone, and its anonymous volumes."""
        ...

    def log(self, name: str, since_s: float) -> Sequence[tuple[str, bytes]]:
        """All that it printed since that Unix time, for 0 its end at least: each line with its time."""
        ...

    def memory_bytes(self, name: str) -> int | None:
        """What all its processes hold, without files that are only cached; None where nobody can tell."""
        ...

    def network(self, name: str) -> Mapping[str, str] | None:
        """The labels of the network of that name; None when there is none."""
        ...

    def make_network(self, name: str, labels: Mapping[str, str]) -> None:
        """It is there."""
        ...

    def remove_network(self, name: str) -> bool:
        """Whether it is gone: one that is in use stays."""
        ...
