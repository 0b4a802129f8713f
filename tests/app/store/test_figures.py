from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotelctl.app.services.service import Service
from hotelctl.app.store import figures
from tests.app.people import HOTEL_A
from tests.app.work import add

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_BERLIN = ZoneInfo("Europe/Berlin")


# The clock is put back on the first of these Sundays, which has 25 hours, and forward on the other.
@pytest.mark.parametrize("day", [date(2025, 10, 26), date(2025, 3, 30)])
@pytest.mark.parametrize(("hour", "minute"), [(0, 10), (23, 50)])
async def test_a_day_goes_from_midnight_to_midnight_whatever_its_length(
    day: date, hour: int, minute: int, service: Service, hotels: str
) -> None:
    for ago in range(-1, 30):
        on = day - timedelta(days=ago)
        at = datetime(on.year, on.month, on.day, hour, minute, tzinfo=_BERLIN).astimezone(UTC)
        add(hotels, "tickets", number=ago + 2, title="one a day", source="MANUAL", created_at=at)
    async with service.db.transaction(HOTEL_A) as session:
        found = await figures.yesterday_and_median(session, day, _BERLIN.key)
    assert found["tickets"] == {"yesterday": 1, "median_28_days": 1.0}


async def test_messages_are_those_of_guests_and_not_what_staff_asks(service: Service, hotels: str) -> None:
    at = datetime(2025, 6, 11, 12, 30, tzinfo=UTC)
    for channel, many in (("guest_web", 2), ("staff_web", 3)):
        talk = add(hotels, "conversations", channel=channel, last_seq=many)
        for seq in range(many):
            said = {"seq": seq + 1, "role": "guest", "content": "x", "created_at": at}
            add(hotels, "messages", conversation_id=talk, **said)
    async with service.db.transaction(HOTEL_A) as session:
        daily = await figures.yesterday_and_median(session, at.date(), "UTC")
        hourly = await figures.usual_hours(session, "messages", at.isoweekday(), "UTC", (at, at))
    assert daily["messages"] == {"yesterday": 2, "median_28_days": 0.0}
    assert [(row.hour, row.median) for row in hourly] == [(12, 2.0)]
