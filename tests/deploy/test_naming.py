from datetime import UTC, datetime, timedelta

import pytest

from hotelctl.deploy.naming import is_operation, later_than, operation_id

NOW = datetime(2026, 3, 1, 12, 0, 0, 7000, tzinfo=UTC)
COMMIT = "b" * 40
NAME = "20260301T120000007Z-bbbbbbbbbbbb"


def test_a_name_says_time_and_commit() -> None:
    assert operation_id(NOW, COMMIT) == NAME
    assert is_operation(NAME)


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(microseconds=999), timedelta(days=3)], ids=str)
def test_a_new_name_sorts_behind_the_newest_whatever_the_clock_says(ahead: timedelta) -> None:
    newest = operation_id(NOW + ahead, "c" * 40)
    made = later_than([newest, "20200101T000000000Z-aaaaaaaaaaaa"], NOW, COMMIT)
    assert made > newest
    assert is_operation(made)


def test_where_the_clock_is_right_it_is_believed() -> None:
    assert later_than([], NOW, COMMIT) == NAME
    assert later_than(["20260301T120000006Z-cccccccccccc"], NOW, COMMIT) == NAME


@pytest.mark.parametrize(
    "foreign", ["old", "lost+found", "tmp", f"{NAME}.bak", "99999999T999999999Z-aaaaaaaaaaaa", "", "zzz"]
)
def test_what_is_no_operation_does_not_count(foreign: str) -> None:
    assert not is_operation(foreign)
    assert later_than([foreign], NOW, COMMIT) == NAME
