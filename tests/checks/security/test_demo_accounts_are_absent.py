import pytest

from hotelctl.checks.security.demo_accounts_are_absent import demo_accounts_are_absent
from hotelctl.core.errors import NotApplicable
from hotelctl.facts.demo_accounts import DemoAccounts
from tests.checks import made

NAMES = tuple(f"demo{n}@x.example" for n in range(5))


def test_none_is_fine() -> None:
    assert not made.judged(demo_accounts_are_absent, DemoAccounts("production", "live", "SELECT", 0, ()))


def test_all_that_are_found_are_one_finding() -> None:
    (finding,) = made.judged(demo_accounts_are_absent, DemoAccounts("production", "live", "SELECT", 7, NAMES))
    assert finding.message.endswith("demo4@x.example and 2 more")
    assert finding.subject == "live"


def test_elsewhere_than_in_production_they_are_welcome() -> None:
    with pytest.raises(NotApplicable, match="ci"):
        made.judged(demo_accounts_are_absent, DemoAccounts("ci", "live", "SELECT", 7, NAMES))
