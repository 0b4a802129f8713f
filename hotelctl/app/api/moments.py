"""Moments in requests: with a time zone, and such that every clock can tell them; as forms have them, too."""

from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BeforeValidator


def _in_utc(moment: datetime) -> datetime:
    try:
        told = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None
    # Within the first and the last year there are time zones that could not tell it.
    if not MINYEAR < told.year < MAXYEAR:
        raise ValueError("is out of range")
    return told


def _written(given: object) -> object:
    """A number would be taken for seconds or milliseconds since 1970, and a year for either."""
    if isinstance(given, datetime) or (isinstance(given, str) and "-" in given.lstrip("-")):
        return given
    raise ValueError("is no date and time with its time zone")


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_utc)]


def typed_moment(typed: str, clock: ZoneInfo) -> datetime | str | None:
    """The moment by the hotel's clock, nothing for nothing, and what is none as it was typed."""
    try:
        return datetime.fromisoformat(typed.strip()).replace(tzinfo=clock).astimezone(UTC)
    except (ValueError, OverflowError):
        return typed.strip() or None
