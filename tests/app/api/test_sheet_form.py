from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotelctl.app.api.sheet_form import SheetForm, read
from hotelctl.app.domain.qr import Purpose
from hotelctl.app.services.qr_codes import Wish

_BERLIN = ZoneInfo("Europe/Berlin")


def test_each_room_has_a_code_and_nothing_typed_is_nothing() -> None:
    form = SheetForm(rooms=" 101; 102,\r\n,Suite 3 ", max_uses=2, purpose=Purpose.MAINTENANCE)
    day = timedelta(minutes=1440)
    assert read(form, _BERLIN) == [
        Wish(Purpose.MAINTENANCE, day, 2, room_label=room) for room in ("101", "102", "Suite 3")
    ]


def test_a_stay_ends_by_the_hotel_s_clock_in_every_room_of_the_sheet() -> None:
    found = read(SheetForm(rooms="1,2", stay_ends_at="2040-01-01T11:00"), _BERLIN)
    assert isinstance(found, list)
    assert [wish.stay_ends_at for wish in found] == [datetime(2040, 1, 1, 10, tzinfo=UTC)] * 2


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"rooms": "1,2", "guest_name": "Ada"}, {"guest_name": "codes.one_name"}),
        ({"rooms": "1", "guest_name": "\x00"}, {"guest_name": "people.wrong_name"}),
        ({"rooms": "1", "stay_ends_at": "2040-13-01T11:00"}, {"stay_ends_at": "codes.wrong_stay"}),
        ({"rooms": "1", "ttl_minutes": 7}, {"ttl_minutes": "wrong.choose"}),
        ({"rooms": "1", "purpose": "staff_access"}, {"purpose": "wrong.choose"}),
        (
            {"rooms": "", "guest_name": "Ada", "stay_ends_at": "x"},
            {"rooms": "codes.no_room", "stay_ends_at": "codes.wrong_stay"},
        ),
    ],
)
def test_all_that_is_wrong_is_told_by_its_field(fields: dict[str, object], wrong: dict[str, str]) -> None:
    found = read(SheetForm.model_validate(fields), _BERLIN)
    assert isinstance(found, dict)
    assert {name: fault.key for name, fault in found.items()} == wrong
