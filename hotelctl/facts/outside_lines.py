"""The way to each outside service: its name, then its encryption."""

from dataclasses import dataclass

from hotelctl.facts.outside_services import Address


@dataclass(frozen=True, slots=True)
class Line:
    """What was met on the way to one service.

    `away` says why nothing at all can be found out, such as `--offline`; `proxied` why a direct look
    would tell nothing. `no_name` says why its name leads nowhere, `untrusted` why its encryption is no
    good, `unshaken` why that is not known. All are empty where nothing is wrong.
    """

    name: str
    address: Address
    away: str = ""
    proxied: str = ""
    no_name: str = ""
    untrusted: str = ""
    unshaken: str = ""

    @property
    def unseen(self) -> str:
        """Why name and encryption are not known; empty when they were looked at."""
        return self.away or self.proxied

    @property
    def blocked(self) -> str:
        """Why asking the service itself would tell nothing; empty when it would."""
        return self.away or (self.no_name and f"{self.address.host} does not resolve")


@dataclass(frozen=True, slots=True)
class OutsideLines:
    """One line for each configured service whose address is known; of others `untold` has name and reason."""

    lines: tuple[Line, ...]
    untold: tuple[tuple[str, str], ...] = ()
