"""How long the release that serves took to be ready."""

from dataclasses import dataclass

from hotelctl.core.finding import Location


@dataclass(frozen=True, slots=True)
class StartTime:
    """`ready_s` seconds from its start to the first answer that it is ready, as the journal at `path` tells.

    `budget_s` is what the service file grants at `place`.
    """

    release: str
    path: str
    ready_s: float
    budget_s: float
    place: Location
