"""The certificate that people meet at the public address."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Certificate:
    """As `host` presents it at `now`; `refusal` says why it is not trusted, then `not_after` is None.

    `days_wanted` is how long it must hold at least.
    """

    host: str
    port: int
    refusal: str
    not_after: datetime | None
    issuer: str
    now: datetime
    days_wanted: int

    @property
    def days_left(self) -> float | None:
        """Days until it ends; None for one that is not trusted."""
        if self.not_after is None:
            return None
        return (self.not_after - self.now).total_seconds() / 86_400
