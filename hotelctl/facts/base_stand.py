"""How HEAD stands to the branch that it is merged into."""

from dataclasses import dataclass
from datetime import datetime

from hotelctl.core.references import Base


@dataclass(frozen=True, slots=True)
class BaseStand:
    """What the clone knows of that branch, and the time now."""

    base: Base
    now: datetime
