from typing import cast

from hotelctl.adapters.wire.observer import Observer
from hotelctl.adapters.wire.session import Answer, Session
from hotelctl.adapters.wire.sight import Sight
from hotelctl.facts.catalogue import Catalogue, catalogue

# Six parts, of which the fifth alone has a line.
_BEFORE, _BEHIND = "\n\n" * 4, "\n\n"
_NOTHING = f'{_BEFORE}["public.mood", ["a"]]{_BEHIND}'
WITHIN = Catalogue(labels={"public.mood": ("a",)})


class Everybody:
    """Sees an empty catalogue."""

    def __init__(self) -> None:
        self.asked = 0
        self.read = catalogue

    def catalogue(self) -> Catalogue:
        self.asked += 1
        return Catalogue()


class One:
    """A session that sees something of its own, or meets a lock; `asked` are its questions."""

    def __init__(self, *, locked: bool = False) -> None:
        self.locked = locked
        self.asked: list[str] = []

    def ask(self, sql: str) -> Answer:
        self.asked.append(sql)
        return Answer(b"E" if self.locked else b"T", value=_NOTHING)


def pair() -> tuple[Sight, Everybody]:
    observer = Everybody()
    return Sight(cast("Observer", observer)), observer


def within(sight: Sight, one: One, *, wrote: bool) -> Catalogue | None:
    return sight.within(cast("Session", one), wrote=wrote)


def test_a_transaction_that_wrote_nothing_is_not_asked_for_what_everybody_sees() -> None:
    (sight, observer), one = pair(), One()
    known = sight.committed()
    assert within(sight, one, wrote=False) is known
    assert (one.asked, observer.asked) == ([], 1)
    assert within(sight, one, wrote=True) == WITHIN
    assert len(one.asked) == 1


def test_what_a_transaction_leaves_is_what_the_next_one_sees() -> None:
    (sight, _), one, other = pair(), One(), One()
    sight.committed()
    left = within(sight, one, wrote=True)
    sight.ended(cast("Session", one), left)
    assert within(sight, other, wrote=False) is left
    assert other.asked == []


def test_where_another_one_ended_meanwhile_both_are_asked_again() -> None:
    (sight, _), one, other = pair(), One(), One()
    sight.committed()
    left = within(sight, one, wrote=True)
    within(sight, other, wrote=True)
    sight.ended(cast("Session", one), left)
    assert not sight.is_latest(cast("Session", other))
    within(sight, one, wrote=False)
    assert len(one.asked) == 2
    sight.ended(cast("Session", other), WITHIN)
    within(sight, one, wrote=False)
    assert len(one.asked) == 3


def test_what_is_locked_is_not_known_to_anybody_afterwards() -> None:
    (sight, _), one, other = pair(), One(locked=True), One()
    sight.committed()
    assert within(sight, one, wrote=True) is None
    assert "ROLLBACK TO SAVEPOINT" in one.asked[-1]
    sight.ended(cast("Session", one), None)
    assert within(sight, other, wrote=False) == WITHIN


def test_what_was_done_out_of_sight_is_asked_for() -> None:
    (sight, _), one = pair(), One()
    sight.committed()
    sight.forget()
    assert within(sight, one, wrote=False) == WITHIN
