import pytest

from benchmarks.planted.cases import Case
from benchmarks.planted.score import Judged, judged, precision, recall
from benchmarks.planted.tools import Hit

SECRET = Case("a secret", "", "", "tree", "part-a/app.env", "app.env", "x\ny\n", "y", (2, 2))
PAST = Case("an old one", "", "", "deleted", "part-b/app.env", "app.env", "x\ny\n", "y", (2, 2))
PACKED = Case("a packed one", "", "", "archive", "part-c/app.jar", "app.env", "y\n", "y")
SAID = Case("a said one", "", "", "message", "part-d/app.env", "app.env", "y\n", "y")
TAGGED = Case("a tagged one", "", "", "tag", "part-e/app.env", "app.env", "y\n", "y")
DECOY = Case("a decoy", "", "", "tree", "part-f/app.env", "app.env", "x\n")
CASES = (SECRET, PAST, PACKED, SAID, TAGGED, DECOY)
MESSAGES = {"c0ffee" * 6 + "abcd": SAID.name, "v1.0": TAGGED.name}


def _judged(*hits: Hit) -> Judged:
    return judged(CASES, MESSAGES, hits)


@pytest.mark.parametrize(
    ("hit", "case"),
    [
        (Hit("r", "part-a/app.env", frozenset({2})), SECRET),
        (Hit("r", "part-a/app.env", frozenset()), SECRET),
        (Hit("r", "part-b/app.env", frozenset({7})), PAST),
        (Hit("r", "part-c/app.jar!etc/app.env", frozenset({1})), PACKED),
        (Hit("r", "", frozenset(), "c0ffeec0ffee"), SAID),
        (Hit("r", "", frozenset(), "v1.0"), TAGGED),
    ],
)
def test_a_secret_is_found_where_it_was_planted(hit: Hit, case: Case) -> None:
    one = _judged(hit, hit)
    assert one.found == {case.name}
    assert (one.wanted, one.caught, one.false) == (5, 1, 0)
    assert (recall(one.numbers), precision(one.numbers)) == (0.2, 1.0)
    assert case not in one.missed


@pytest.mark.parametrize(
    "hit",
    [
        Hit("r", "part-f/app.env", frozenset({1})),
        Hit("r", "part-a/app.env", frozenset({1})),
        Hit("r", "README.md", frozenset({1})),
        Hit("r", "part-d/app.env", frozenset({1})),
        Hit("r", "", frozenset(), "v1.1"),
    ],
    ids=["a decoy", "another line", "no case", "a message's path", "another tag"],
)
def test_what_is_no_secret_is_a_false_alarm_and_counts_once(hit: Hit) -> None:
    one = _judged(hit, hit)
    assert (one.caught, one.false, precision(one.numbers)) == (0, 1, 0.0)
    assert one.alarms == ((DECOY,) if hit.path == DECOY.path else ())


def test_who_says_nothing_is_precise_and_finds_nothing() -> None:
    one = _judged()
    assert (recall(one.numbers), precision(one.numbers)) == (0.0, 1.0)
    assert one.missed == CASES[:-1]


def test_a_part_counts_its_own_cases() -> None:
    one = _judged(Hit("r", "part-a/app.env", frozenset({2})), Hit("r", "part-f/app.env", frozenset({1})))
    part = one.part((SECRET, PAST))
    assert (part.wanted, part.caught, part.false) == (2, 1, 0)
