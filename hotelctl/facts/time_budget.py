"""How long the tests may take."""

from dataclasses import dataclass

from hotelctl.core.finding import Location


@dataclass(frozen=True, slots=True)
class TimeBudget:
    """The seconds that the service file grants, and where it does."""

    seconds: float
    place: Location
