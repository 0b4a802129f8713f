"""Each check has a planted fault, or stands among those without one, with the reason."""

from hotelctl.checks.catalogue import walk
from tests.services.faults import FAULTS
from tests.services.without_fault import WITHOUT

RULES = {check.info.id for check in walk()}


def test_every_check_has_a_fault_or_a_reason_for_none() -> None:
    assert RULES - FAULTS.keys() - WITHOUT.keys() == set()
    assert FAULTS.keys() & WITHOUT.keys() == set()


def test_nothing_is_said_of_a_check_that_is_not_there() -> None:
    assert {*FAULTS, *WITHOUT} - RULES == set()
    assert {rule for fault in FAULTS.values() for rule in fault.also} - RULES == set()


def test_every_reason_is_one() -> None:
    assert [rule for rule, reason in WITHOUT.items() if len(reason.split()) < 5] == []
