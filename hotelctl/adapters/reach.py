"""How far adapters go: anywhere, or with `--offline` no further than this machine."""

from dataclasses import dataclass
from ipaddress import ip_address

from hotelctl.core.errors import Unavailable

_HERE = ("localhost", "the local socket", "")


@dataclass(frozen=True, slots=True)
class Reach:
    """Asked before anything is sent; what is not asked is unknown, not wrong."""

    offline: bool = False

    def require(self, host: str) -> None:
        """Return when `host`, a name, an address or a socket's directory, may be asked.

        Raises:
            Unavailable: it is another machine, and only this one may be asked.

        """
        if self.offline and not is_here(host):
            raise Unavailable(f"not asked, because of --offline: {host} is not this machine")

    def require_packages(self, what: str) -> None:
        """Return when packages may be fetched for `what`. Raises `Unavailable`."""
        if self.offline:
            raise Unavailable(f"not asked, because of --offline: {what} would fetch packages")


ANYWHERE = Reach()


def is_here(host: str) -> bool:
    """Whether `host` is this machine; names are not looked up: that would ask the network, too."""
    name = host.strip("[]").lower()
    if name in _HERE or name.startswith(("/", "@")) or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
