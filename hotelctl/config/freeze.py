"""Times in which nothing is released.

[[environments.production.freeze]]
reason = "the house is full"
begins = 2026-12-20T00:00:00+01:00
ends = 2027-01-03T00:00:00+01:00

[[environments.production.freeze]]
reason = "nobody is here at the weekend"
weekly = "fri 16:00 - mon 08:00"
zone = "Europe/Berlin"             # without it UTC
"""

from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from hotelctl.config.table import Table
from hotelctl.facts.freeze_windows import WEEKLY, parse_weekly


def _zone(name: str) -> str:
    """The name itself. Raises `ValueError` for one that this machine does not know."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise ValueError(f"{name!r} is no time zone of this machine") from error
    return name


def _weekly(text: str) -> str:
    """The text itself. Raises `ValueError` for one that is no time of the week."""
    parse_weekly(text)
    return text


class Freeze(Table):
    """Either once, from `begins` to `ends`, or `weekly` in the time of `zone`."""

    reason: Annotated[str, Field(min_length=1)]
    begins: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    weekly: Annotated[str, Field(pattern=WEEKLY), AfterValidator(_weekly)] | None = None
    zone: Annotated[str, AfterValidator(_zone)] = "UTC"

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.begins is None) is not (self.ends is None):
            raise ValueError("needs begins and ends together")
        if (self.weekly is None) is (self.begins is None):
            raise ValueError("needs either begins and ends, or weekly")
        if self.begins is not None and self.ends is not None and self.ends <= self.begins:
            raise ValueError("ends before it begins")
        return self
