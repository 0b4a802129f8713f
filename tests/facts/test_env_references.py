from hotelctl.facts.env_files import scan
from hotelctl.facts.env_references import unresolved


def test_only_braced_names_without_default_that_nothing_above_sets() -> None:
    text = "A=1\nB=${A}${NONE}${NONE}\nC=$NONE ${X:-}\nD=${E}\nE=1\n"
    found = [(one.key, one.line, one.name, one.later) for one in unresolved(scan("", text).entries, {"P"})]
    assert found == [("B", 2, "NONE", None), ("D", 4, "E", 5)]


def test_a_name_of_the_process_is_resolved() -> None:
    assert list(unresolved(scan("", "A=${P}\n").entries, {"P"})) == []
