from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hotelctl.app.api.knowledge_form import EntryForm

_BERLIN = ZoneInfo("Europe/Berlin")


def test_nothing_typed_is_nothing() -> None:
    given = EntryForm().given(_BERLIN)
    assert (given["tags"], given["valid_from"], given["valid_until"]) == ([], None, None)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-07-01T10:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        (" 2026-01-01T10:00 ", datetime(2026, 1, 1, 9, tzinfo=UTC)),
        ("tomorrow", "tomorrow"),
        ("0001-01-01T00:00", "0001-01-01T00:00"),
    ],
)
def test_a_moment_is_by_the_hotel_s_clock_and_what_is_none_stays_as_typed(typed: str, moment: object) -> None:
    assert EntryForm(valid_from=typed).given(_BERLIN)["valid_from"] == moment
