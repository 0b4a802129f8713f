from hotelctl.probes.changelog_file import changelog_of
from tests.probes.worlds import World


def test_the_first_of_the_usual_names_is_read() -> None:
    world = World()
    assert changelog_of(frozenset(), world.context()) is None
    world.write("HISTORY.rst", "1.0\n===\n")
    world.write("Changes", "## Unreleased\n\n- x\n\n## thing 1.2\n")
    found = changelog_of(frozenset({"thing"}), world.context())
    assert found is not None
    assert (found.path, [str(one.version) for one in found.entries], found.unreleased) == (
        "Changes",
        ["1.2"],
        True,
    )
