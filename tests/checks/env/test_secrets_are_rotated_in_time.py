import pytest

from hotelctl.checks.env.secrets_are_rotated_in_time import secrets_are_rotated_in_time
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Severity
from tests.checks import made

# The made environment is looked at on 2026-03-01.
_HERE = made.environment(KEY="hunter2")


def rotating(**dates: object) -> object:
    return made.contract(KEY={"secret": True, "owner": "payments", **dates})


def test_without_dates_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable, match="no rotation date"):
        made.judged(secrets_are_rotated_in_time, _HERE, made.contract(KEY={}))


def test_a_date_far_away_and_a_key_that_is_not_set_are_fine() -> None:
    assert not made.judged(secrets_are_rotated_in_time, _HERE, rotating(rotate_by="2026-03-16"))
    assert not made.judged(secrets_are_rotated_in_time, made.environment(), rotating(rotate_by="2020-01-01"))


@pytest.mark.parametrize(
    ("dates", "severity", "fix"),
    [
        ({"rotate_by": "2026-02-28"}, None, "rotate_by = 2026-05-30"),
        ({"rotate_by": "2026-03-01"}, Severity.MEDIUM, "rotate_by = 2026-05-30"),
        ({"rotate_by": "2026-03-15"}, Severity.MEDIUM, "rotate_by = 2026-05-30"),
        ({"rotated": "2025-11-01", "max_age_days": 90}, None, "rotated = 2026-03-01"),
        (
            {"rotate_by": "2030-01-01", "rotated": "2025-11-01", "max_age_days": 90},
            None,
            "rotate_by = 2026-05-30",
        ),
    ],
)
def test_past_is_high_and_soon_is_medium(
    dates: dict[str, object], severity: Severity | None, fix: str
) -> None:
    (finding,) = made.judged(secrets_are_rotated_in_time, _HERE, rotating(**dates))
    assert finding.severity is severity
    assert finding.fix == fix
    assert "ask payments" in finding.message
    assert str(finding.location) == "env.toml:10"
