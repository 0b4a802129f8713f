from datetime import timedelta

import pytest

from hotelctl.app.domain.permissions import Role
from hotelctl.app.domain.session_length import longest


@pytest.mark.parametrize(
    ("role", "by_code", "hours"),
    [
        (Role.STAFF, False, 12),
        (Role.SUPERVISOR, False, 720),
        (Role.OWNER, False, 720),
        (Role.STAFF, True, 8),
        (Role.OWNER, True, 8),
    ],
)
def test_staff_is_logged_in_for_a_shift_and_with_a_code_for_less(
    role: Role, *, by_code: bool, hours: int
) -> None:
    assert longest(role, by_code=by_code) == timedelta(hours=hours)
