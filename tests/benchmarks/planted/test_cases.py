from collections import Counter
from collections.abc import Callable

import pytest

from benchmarks.planted import known
from benchmarks.planted.cases import DECOYS, HALVES, PLACES, PLANTED, TUNED, Case, cases, of_half

# Keys are made with the first look at the cases, which takes longer than all tests of most directories.
pytestmark = pytest.mark.system


def planted() -> list[Case]:
    return [case for case in cases() if case.planted]


def decoys() -> list[Case]:
    return [case for case in cases() if not case.planted]


def test_the_set_is_as_large_as_it_was_promised() -> None:
    kinds = Counter(case.kind for case in planted())
    assert len(planted()) >= 150
    assert len(kinds) >= 40
    assert len(decoys()) >= 300
    assert sum(kind.startswith("password in ") for kind in kinds) >= 10


def test_secrets_and_decoys_lie_in_every_place_of_each_half() -> None:
    for half in HALVES:
        for among in (planted(), decoys()):
            assert {case.place for case in of_half(half, among)} == set(PLACES)


def test_decoys_are_of_each_family() -> None:
    families = Counter(case.kind for case in decoys())
    named = {"placeholder", "documentation key", "hash", "UUID", "lock file", "test fixture", "translation"}
    assert named <= set(families)
    assert min(families.values()) >= 10


@pytest.mark.parametrize("made", [cases, known.cases], ids=["guessed", "known"])
def test_names_paths_and_values_do_not_meet(made: Callable[[], tuple[Case, ...]]) -> None:
    every = made()
    assert len({case.name for case in every}) == len(every)
    assert len({case.path for case in every}) == len(every)
    assert len({case.path.removeprefix("private/").partition("/")[0] for case in every}) == len(every)


def test_no_two_secrets_are_alike() -> None:
    values = [case.value for case in planted()]
    assert len(set(values)) == len(values)
    assert [case.name for case in decoys() if any(value in case.text for value in values)] == []


def test_the_set_is_the_same_in_every_run() -> None:
    before = cases()
    cases.cache_clear()
    assert cases() == before


def test_a_half_is_drawn_by_the_name_alone_and_both_are_of_a_size() -> None:
    drawn = [case for case in cases() if not case.looked_at]
    assert 0.4 <= len(of_half(TUNED, drawn)) / len(drawn) <= 0.6
    case = planted()[0]
    halves = {
        Case(case.name, kind, "", place, "", "", "", "").half for kind, place in (("a", "tree"), ("b", "tag"))
    }
    assert halves == {case.half}


def test_what_was_looked_at_from_the_start_is_never_set_aside() -> None:
    later = [case for case in cases() if case.looked_at]
    assert len(later) >= 600
    assert {case.half for case in later} == {TUNED}
    assert not [case.name for case in of_half(HALVES[0], cases()) if case.looked_at]


def test_every_piece_is_filled_and_the_lines_hold_the_secret() -> None:
    assert [case.name for case in cases() if "<<" in case.text] == []
    spelt = [case for case in planted() if case.value in case.text and "\n" not in case.value]
    assert len(spelt) >= 150
    for case in spelt:
        first, last = case.lines
        assert case.value in "\n".join(case.text.splitlines()[first - 1 : last]), case.name


def test_the_tables_are_those_that_the_page_names() -> None:
    assert {case.group for case in cases()} == {*PLANTED, DECOYS}
