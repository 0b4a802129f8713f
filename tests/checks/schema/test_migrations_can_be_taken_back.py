import pytest

from hotelctl.checks.schema.migrations_can_be_taken_back import migrations_can_be_taken_back as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import CommandOutput, Severity
from hotelctl.facts.round_trip import Returned, RoundTrip
from hotelctl.facts.schema_text import Difference
from tests.checks import made

PATH = "versions/2.py"
LEFT = Difference("TYPE public.mood", "", "CREATE TYPE public.mood AS ENUM ('a')")
GONE = Difference("INDEX public.i", "CREATE INDEX i", "")
OTHER = Difference("TABLE public.rooms", "CREATE TABLE rooms (a int)", "CREATE TABLE rooms (a text)")


def told(*ways: Returned) -> list[tuple[str, str]]:
    """Subject and message of each finding."""
    return [(one.subject, one.message) for one in made.judged(check, RoundTrip(ways))]


def test_a_way_there_and_back_and_there_again_is_fine() -> None:
    assert told(Returned("2", PATH), Returned("3", "versions/3.py")) == []
    assert check.info.severity is Severity.MEDIUM


@pytest.mark.parametrize(("one", "words"), [(LEFT, "is left"), (GONE, "is gone"), (OTHER, "is another one")])
def test_each_object_that_differs_behind_the_way_back_is_told(one: Difference, words: str) -> None:
    assert told(Returned("2", PATH, (one,))) == [
        (f"2: {one.name}", f"{PATH}: {one.name} {words} after the way back")
    ]


def test_what_differs_the_second_time_is_another_finding_than_what_was_left() -> None:
    found = told(Returned("2", PATH, (OTHER,), (OTHER,)))
    assert [subject for subject, _ in found] == [f"2: {OTHER.name}", f"2: {OTHER.name} again"]
    assert found[1][1] == f"{PATH}: {OTHER.name} differs the second time"


@pytest.mark.parametrize("at", ["up", "down", "up again"])
def test_a_move_that_fails_is_told_with_its_words(at: str) -> None:
    assert told(Returned("2", PATH, at=at, why="type mood exists")) == [
        (f"2: {at}", f"{PATH}: {at} fails: type mood exists")
    ]


def test_both_sides_stand_in_the_evidence_and_the_file_is_the_place() -> None:
    (one,) = made.judged(check, RoundTrip((Returned("2", PATH, (LEFT,)),)))
    (evidence,) = one.evidence
    assert isinstance(evidence, CommandOutput)
    assert "before: (none)\nafter: CREATE TYPE public.mood" in evidence.excerpt
    assert str(one.location) == PATH


def test_what_was_not_tried_is_unknown_after_what_was_found() -> None:
    trip = RoundTrip((Returned("2", PATH, at="down", why="NotImplementedError"),), ("3", "4"))
    found = iter(check.judge(trip))
    assert next(found).subject == "2: down"
    with pytest.raises(Unavailable, match="not tried: 3, 4"):
        next(found)
