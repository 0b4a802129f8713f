import pytest

from hotelctl.checks.secrets.no_template_value_is_live import no_template_value_is_live as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.template_copies import TemplateCopies
from tests.checks import made
from tests.checks.secrets.test_no_secret_of_the_service_is_copied import copy

_PATH = ".env.example"


def test_a_template_whose_values_are_nowhere_live_is_fine() -> None:
    assert made.judged(check, TemplateCopies(3, (_PATH,), (), {})) == []


def test_a_live_value_is_a_finding_at_the_templates_line() -> None:
    (one,) = made.judged(check, TemplateCopies(3, (_PATH,), (copy(7, _PATH, "LOGIN of .env"),), {}))
    assert (one.subject, str(one.location)) == ("LOGIN of .env", f"{_PATH}:7")
    assert one.fix == "give LOGIN of .env a new value;\nput CHANGE_ME into the template"
    assert check.info.severity is Severity.CRITICAL


def test_a_template_that_could_not_be_read_is_a_doubt_after_what_was_found() -> None:
    judged = check.judge(TemplateCopies(1, (), (copy(1, _PATH),), {"b.dist": "is too large"}))
    assert next(iter(judged)).location is not None
    with pytest.raises(Unavailable, match=r"b\.dist: is too large"):
        list(judged)
