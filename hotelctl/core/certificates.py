"""What servers present to whoever connects with TLS, as a port."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Presented:
    """What a server's certificate is: `refusal` says why it is not trusted, then `not_after` is None."""

    refusal: str
    not_after: datetime | None
    issuer: str
    evidence: str


class Certificates(Protocol):
    """The certificates that servers present to whoever connects with TLS."""

    def look(self, host: str, port: int, timeout_s: float = 3.0, *, starttls: bool = False) -> Presented:
        """Chain, name and dates held against what this machine trusts; `starttls` asks a mail server for TLS.

        Raises `Unavailable`: no TLS there; of its kinds `NoNetwork`: no way to it from here.
        """
        ...
