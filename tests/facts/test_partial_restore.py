import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.facts.partial_restore import Part, chosen, closed

SIZES = {"hotels": 10, "guests": 100, "bookings": 500, "events": 9000, "ledger": 1}
REFERENCES = {"guests": {"hotels"}, "bookings": {"guests", "bookings"}, "events": {"bookings"}}


@pytest.mark.parametrize(
    ("budget", "taken"),
    [
        (0, {"ledger"}),
        (11, {"ledger", "hotels"}),
        (110, {"ledger", "hotels"}),
        (111, {"ledger", "hotels", "guests"}),
        (9610, {"ledger", "hotels", "guests", "bookings"}),
        (9611, {*SIZES}),
    ],
)
def test_the_smallest_come_first_each_with_what_it_refers_to(budget: int, taken: set[str]) -> None:
    assert chosen(SIZES, REFERENCES, ["ledger", "not there"], budget) == taken


def test_what_is_needed_is_taken_whatever_it_costs() -> None:
    assert chosen(SIZES, REFERENCES, ["bookings"], 0) == {"bookings", "guests", "hotels"}


_NAMES = st.sampled_from("abcdefgh")


@given(
    st.dictionaries(_NAMES, st.integers(0, 100)),
    st.dictionaries(_NAMES, st.frozensets(_NAMES)),
    st.frozensets(_NAMES),
    st.integers(0, 300),
)
def test_no_foreign_key_leads_out_of_what_is_taken(
    sizes: dict[str, int], references: dict[str, frozenset[str]], needed: frozenset[str], budget: int
) -> None:
    taken = chosen(sizes, references, needed, budget)
    assert taken == closed(taken, references) & sizes.keys()
    least = closed(needed & sizes.keys(), references) & sizes.keys()
    assert sum(sizes[one] for one in taken - least) <= max(budget - sum(sizes[one] for one in least), 0)


def test_what_is_not_proven_is_said_with_its_size() -> None:
    left = {"events": 9000, "bookings": 500, "guests": 100, "hotels": 10}
    part = Part(frozenset({"ledger"}), left, 12_000_000_000)
    assert part.proves == "the schema and all rows of 1 table"
    assert part.not_proven == (
        "not proven, as the database has 12.0 GB: that 9,610 rows of events, bookings, guests and 1 more and "
        "large objects restore, that their keys and constraints hold, and how long a migration takes on them"
    )
