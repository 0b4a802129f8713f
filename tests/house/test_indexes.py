"""The indexes by which commands find checks and probes are those of what is really there."""

from hotelctl.checks.catalogue import index, walk
from hotelctl.checks.rules import INDEX, rules
from hotelctl.core.by_name import full_name
from hotelctl.probes import index as probes
from hotelctl.probes import registry
from hotelctl.probes.registry import Probes


def test_the_index_of_checks_is_what_the_walk_finds() -> None:
    assert INDEX.read_text("utf-8") == index(), "python -m hotelctl.checks index > hotelctl/checks/index.txt"
    assert [one.check() for one in rules()] == [*walk()]
    assert [one.section for one in rules()] == [one.section for one in walk()]


def test_the_index_of_probes_is_what_the_walk_finds() -> None:
    written = probes.INDEX.read_text("utf-8")
    assert written == probes.index(), "python -m hotelctl.probes > hotelctl/probes/index.txt"
    assert {line.split()[1] for line in written.splitlines()} == {*map(full_name, probes.walk())}


def test_every_probe_answers_in_some_kind_of_run() -> None:
    """A set of stand-ins that nobody names, or that is named otherwise than its module, would be empty."""
    sets = [one for one in vars(registry).values() if isinstance(one, Probes)]
    assert {full_name(probe) for one in sets for probe in one.values()} == {*map(full_name, probes.walk())}
    assert [one for one in sets if not one] == [registry.NONE]
