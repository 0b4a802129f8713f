"""What stands before containers, be it a program of this machine or a container beside them."""

from collections.abc import Callable, Sequence
from typing import Protocol

from hotelctl.deploy.targets.durable import Renamed
from hotelctl.facts.edge_log import Answer


class Counting(Protocol):
    """Knows what is open."""

    def inflight(self, address: str) -> int:
        """Requests that are open at `address`; 0 when no edge runs."""
        ...


class Front(Counting, Protocol):
    """Takes requests at one port and sends them to the address that its pointer says."""

    @property
    def port(self) -> int | None:
        """Where clients find it; None before the first `ensure`."""
        ...

    def obstacle(self, port: int) -> str | None:
        """Why it could not listen on `port`, None when it can or does. Changes nothing."""
        ...

    def begin(self, port: int) -> bool:
        """All is there that releases need to come up; whether the edge had to be moved from another port."""
        ...

    def ensure(self, port: int) -> bool:
        """It listens on `port`; whether it had to be moved from another one."""
        ...

    def target(self) -> str:
        """The address that the pointer holds, "" when it is empty or absent."""
        ...

    def point(self, address: str, fence: int) -> Renamed:
        """All new requests go to `address`, none anywhere for "". Raises `StepFailed` for a lower fence."""
        ...

    def fence(self) -> int:
        """The highest fence that was ever accepted, 0 at first."""
        ...

    def answers(self, address: str, since_s: float) -> Callable[[], Sequence[Answer]]:
        """What the instance there answered since that Unix time; each call tells what none told before."""
        ...

    def way(self, address: str) -> int:
        """The port of this machine's loopback by which that address is reached."""
        ...

    def entrance(self, port: int) -> int:
        """The port of this machine's loopback by which the edge is asked that listens on `port`."""
        ...

    def end(self) -> Sequence[str]:
        """What ended of it besides the environment's processes, line by line; the fence stays."""
        ...
