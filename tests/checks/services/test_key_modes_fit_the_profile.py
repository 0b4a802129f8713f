import pytest

from hotelctl.checks.services.key_modes_fit_the_profile import key_modes_fit_the_profile
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding
from hotelctl.facts.outside_services import Outside
from tests.checks import made
from tests.checks.services.outside import pay, services


def found(profile: str, key: str) -> list[Finding]:
    return made.judged(key_modes_fit_the_profile, services(Outside("mail"), pay(key), profile=profile))


@pytest.mark.parametrize(
    ("profile", "key"), [("ci", "test_1"), ("staging", "test_1"), ("production", "live_1")]
)
def test_the_mode_that_fits_is_fine(profile: str, key: str) -> None:
    assert not found(profile, key)


@pytest.mark.parametrize(
    ("profile", "key", "mode", "fix"),
    [
        ("ci", "live_hunter2", "live", "set PAY_KEY to a test key of pay"),
        ("staging", "live_hunter2", "live", "set PAY_KEY to a test key of pay"),
        ("production", "test_hunter2", "test", "set PAY_KEY to a live key of pay"),
    ],
)
def test_the_other_mode_is_a_finding_where_it_is_set(profile: str, key: str, mode: str, fix: str) -> None:
    (finding,) = found(profile, key)
    assert finding.message == f"PAY_KEY, set in .env.local:3, is a {mode} key in profile {profile}"
    assert (str(finding.location), finding.fix) == (".env.local:3", fix)


def test_a_key_of_neither_form_is_in_doubt() -> None:
    with pytest.raises(Unavailable, match="pay: PAY_KEY begins with none of live_, test_"):
        found("production", "hunter2")


def test_where_no_key_tells_its_mode_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        made.judged(key_modes_fit_the_profile, services(Outside("mail")))
