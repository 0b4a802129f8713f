"""Names of other machines as a port: whether they lead anywhere."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Resolved:
    """The addresses behind a name; `refusal` says why there are none."""

    addresses: tuple[str, ...]
    refusal: str
    evidence: str


class Names(Protocol):
    """The name service of this machine."""

    def resolve(self, host: str, timeout_s: float = 5.0) -> Resolved:
        """What `host`, a name or an address, leads to.

        Raises:
            NoNetwork: nobody can be asked from here.
            Unavailable: it is out of reach, or no answer came in time.

        """
        ...

    def require(self, host: str) -> None:
        """Return when `host` may be asked anything. Raises `Unavailable`."""
        ...
