import pytest

from hotelctl.checks.tests.tests_assert_something import tests_assert_something
from hotelctl.core.errors import Unavailable
from hotelctl.facts.idle_tests import IdleTest, IdleTests
from tests.checks import made


def test_tests_that_all_assert_are_fine() -> None:
    assert not made.judged(tests_assert_something, IdleTests(3, (), {}))


def test_each_that_does_not_is_named_with_its_line() -> None:
    (finding,) = made.judged(
        tests_assert_something, IdleTests(3, (IdleTest("tests/test_a.py", 7, "test_b"),), {})
    )
    assert (finding.subject, str(finding.location)) == ("tests/test_a.py::test_b", "tests/test_a.py:7")
    many = tuple(IdleTest("tests/test_a.py", line, f"test_{line}") for line in range(1, 30))
    found = made.judged(tests_assert_something, IdleTests(30, many, {}))
    assert len(found) == 21
    assert found[-1].message == "9 more tests assert nothing, the first is tests/test_a.py:21"


def test_a_file_that_could_not_be_read_leaves_it_open() -> None:
    with pytest.raises(Unavailable, match=r"tests/test_c\.py is too large"):
        made.judged(tests_assert_something, IdleTests(3, (), {"tests/test_c.py": "is too large"}))
