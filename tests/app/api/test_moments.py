from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from hotelctl.app.api.moments import Moment

_READ = TypeAdapter(Moment)


def test_a_moment_is_told_in_utc() -> None:
    assert _READ.validate_python("2026-01-01T10:00:00+02:00") == datetime(2026, 1, 1, 8, tzinfo=UTC)
    assert _READ.validate_python("2026-01-01T10:00:00+02:00").tzinfo is UTC


@pytest.mark.parametrize(
    "wrong",
    [
        "2026-01-01T10:00:00",
        "0001-01-01T00:00:00+14:00",
        "0001-12-31T23:59:59Z",
        "9999-01-01T00:00:00Z",
        "soon",
        "2026",
        "-1",
        "4102444800",
        1_767_225_600,
        1.5,
        True,
    ],
)
def test_what_no_clock_can_tell_or_is_a_mere_number_is_refused(wrong: object) -> None:
    with pytest.raises(ValidationError):
        _READ.validate_python(wrong)
