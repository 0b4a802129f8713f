"""The indexes by which commands find checks and probes are those of what is really there."""

from hotelctl.checks.catalogue import index, walk
from hotelctl.checks.rules import INDEX, rules


def test_the_index_of_checks_is_what_the_walk_finds() -> None:
    assert INDEX.read_text("utf-8") == index(), "python -m hotelctl.checks index > hotelctl/checks/index.txt"
    assert [one.check() for one in rules()] == [*walk()]
    assert [one.section for one in rules()] == [one.section for one in walk()]
