"""What is left out, and what counts in spite of it."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hotelctl.core.check import CheckInfo
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.narrowing import Known, Narrowing, known_before, of_before
from hotelctl.core.redact import by_shape
from tests.render.made import info

CHECK = info("ENV001", severity=Severity.HIGH)


def finding(subject: str, line: int = 1, severity: Severity | None = None, path: str = ".env") -> Finding:
    excerpt = FileExcerpt(path, line, by_shape("A="))
    return Finding(subject, f"{subject} is wrong", (excerpt,), Location(path, line), severity=severity)


def known(*found: Finding, number: int = 1, worst: Severity = Severity.HIGH) -> Narrowing:
    """Narrows to what is not among these."""
    before = {(CHECK.id, one.fingerprint(CHECK.id)): Known(number, worst) for one in found}
    return Narrowing(known_before(before), "known from base.json")


def counting(narrowing: Narrowing, found: Sequence[Finding], check: CheckInfo = CHECK) -> list[str]:
    return [one.subject for one in narrowing.split(check, found)[0]]


def test_what_was_known_is_left_out_and_named_and_what_is_new_counts() -> None:
    rest, words = known(finding("A")).split(CHECK, [finding("A", 7), finding("B")])
    assert [one.subject for one in rest] == ["B"]
    assert words == "1 finding left out, known from base.json: .env:7"


def test_where_nothing_was_known_nothing_is_said() -> None:
    found = [finding("A"), finding("B")]
    assert known(finding("C")).split(CHECK, found) == (found, "")


def test_another_check_or_another_file_is_news() -> None:
    assert counting(known(finding("A")), [finding("A")], info("ENV002")) == ["A"]
    assert counting(known(finding("A")), [finding("A", path=".env.local")]) == ["A"]


def test_more_of_the_same_than_before_counts_all_of_it() -> None:
    twice = [finding("A", 1), finding("A", 2)]
    assert counting(known(finding("A")), twice) == ["A", "A"]
    assert counting(known(finding("A"), number=2), twice) == []


@pytest.mark.parametrize(("now", "counts"), [(None, False), (Severity.LOW, False), (Severity.CRITICAL, True)])
def test_what_is_worse_than_before_counts(now: Severity | None, *, counts: bool) -> None:
    assert counting(known(finding("A")), [finding("A", severity=now)]) == ["A"] * counts


def test_findings_about_waivers_always_count() -> None:
    waivers = info("SEC023")
    left = Narrowing(lambda _, found: found, "whatever it is")
    assert counting(left, [finding("A")], waivers) == ["A"]
    assert counting(left, [finding("A")]) == []


def test_of_many_only_some_are_named() -> None:
    many = [finding("A", n) for n in range(1, 6)]
    _, words = known(finding("A"), number=5).split(CHECK, many)
    assert words == "5 findings left out, known from base.json: .env:1, .env:2, .env:3 and 2 more"


def test_what_stands_in_files_that_did_not_change_is_left_out_and_what_has_no_such_place_counts() -> None:
    left = Narrowing(of_before({"old.py"}, frozenset()), "not of the change since main")
    nowhere = Finding("D", "is wrong", finding("D").evidence)
    found = [finding("A", path="old.py"), finding("B", path="new.py"), finding("C"), nowhere]
    assert counting(left, found) == ["B", "C", "D"]


def test_of_the_history_counts_what_a_commit_of_the_change_brought_wherever_it_stood() -> None:
    left = Narrowing(of_before({"old.py"}, frozenset({"new"})), "not of the change since main")
    mine = replace(finding("A", path="old.py"), commits=("new", "older"))
    found = [mine, replace(finding("B", path="gone.py"), commits=("older",))]
    assert counting(left, found) == ["A"]
