from hotelctl.checks.env.keys_stand_once import keys_stand_once
from hotelctl.core.finding import Severity
from tests.checks import made


def test_different_keys_are_fine() -> None:
    assert not made.judged(keys_stand_once, made.files("A=1\nB=1"))


def test_two_values_are_a_finding_with_both_lines() -> None:
    (finding,) = made.judged(keys_stand_once, made.files("A=1\nB=2\nA=hunter2"))
    assert "lines 1, 3" in finding.message
    assert finding.severity is None
    assert len(finding.evidence) == 2


def test_the_same_value_twice_is_minor() -> None:
    (finding,) = made.judged(keys_stand_once, made.files("A=1\nA=1"))
    assert finding.severity is Severity.LOW
