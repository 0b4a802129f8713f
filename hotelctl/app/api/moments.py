"""Moments in requests: with a time zone, and such that every clock can tell them."""

from datetime import MAXYEAR, MINYEAR, UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime


def _in_utc(moment: datetime) -> datetime:
    try:
        told = moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None
    # Within the first and the last year there are time zones that could not tell it.
    if not MINYEAR < told.year < MAXYEAR:
        raise ValueError("is out of range")
    return told


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
