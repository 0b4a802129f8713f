"""The form for a sheet of codes: what is typed, and the codes that it asks for or what is wrong with it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from hotelctl.app.api.moments import Moment, typed_moment
from hotelctl.app.api.notices import Notice
from hotelctl.app.api.texts import LONGEST_NAME, LONGEST_ROOM, PersonName, RoomLabel
from hotelctl.app.domain.qr import MOST_USES, Purpose
from hotelctl.app.services.qr_codes import Wish

OFFERED = (Purpose.GUEST_ACCESS, Purpose.ROOM_SERVICE, Purpose.MAINTENANCE)
GOOD_FOR_MINUTES = (60, 720, 1440, 4320, 10080, 20160)
ROOMS_ON_A_SHEET = 12
_NAME = TypeAdapter[str](PersonName)
_ROOM = TypeAdapter[str](RoomLabel)
_MOMENT = TypeAdapter[datetime](Moment)
_WRONG_STAY = Notice("bad", "codes.wrong_stay")
_CHOOSE = Notice("bad", "wrong.choose")
Faults = dict[str, Notice]


class SheetForm(BaseModel):
    """The fields of the page, as they are before anybody typed."""

    purpose: Purpose = Purpose.GUEST_ACCESS
    ttl_minutes: int = 1440
    max_uses: Annotated[int, Field(ge=1, le=MOST_USES)] = 1
    rooms: Annotated[str, Field(max_length=1000)] = ""
    guest_name: str = ""
    stay_ends_at: str = ""


def read(form: SheetForm, clock: ZoneInfo) -> list[Wish] | Faults:
    """A code for each room, with the guest's name where there is one room; or what is wrong, by field."""
    labels = [label for label in re.split(r"[,;\r\n]+", form.rooms) if label.strip()]
    rooms = [room for label in labels if (room := _line(_ROOM, label))]
    name, stay = _line(_NAME, form.guest_name), _stay(form.stay_ends_at, clock)
    found = {
        "rooms": _fault_of_rooms(len(labels), len(rooms)),
        "purpose": None if form.purpose in OFFERED else _CHOOSE,
        "ttl_minutes": None if form.ttl_minutes in GOOD_FOR_MINUTES else _CHOOSE,
        "guest_name": _fault_of_name(name, len(labels)) if form.guest_name.strip() else None,
        "stay_ends_at": stay if isinstance(stay, Notice) else None,
    }
    faults = {field: fault for field, fault in found.items() if fault is not None}
    if faults or isinstance(stay, Notice):
        return faults
    ttl = timedelta(minutes=form.ttl_minutes)
    return [
        Wish(form.purpose, ttl, form.max_uses, room_label=room, guest_name=name, stay_ends_at=stay)
        for room in rooms
    ]


def _line(shape: TypeAdapter[str], typed: str) -> str | None:
    """The text as the shape has it; None for what it is not."""
    try:
        return shape.validate_python(typed)
    except ValidationError:
        return None


def _fault_of_rooms(typed: int, good: int) -> Notice | None:
    if not typed:
        return Notice("bad", "codes.no_room")
    if typed > ROOMS_ON_A_SHEET:
        return Notice("bad", "codes.too_many", {"most": ROOMS_ON_A_SHEET})
    return Notice("bad", "codes.too_long", {"most": LONGEST_ROOM}) if good < typed else None


def _fault_of_name(name: str | None, rooms: int) -> Notice | None:
    if rooms > 1:
        return Notice("bad", "codes.one_name")
    return Notice("bad", "people.wrong_name", {"most": LONGEST_NAME}) if name is None else None


def _stay(typed: str, clock: ZoneInfo) -> datetime | Notice | None:
    """When the stay ends by the hotel's clock; nothing for nothing."""
    given = typed_moment(typed, clock)
    if given is None:
        return None
    try:
        ends_at = _MOMENT.validate_python(given)
    except ValidationError:
        return _WRONG_STAY
    return ends_at if ends_at > datetime.now(UTC) else _WRONG_STAY
