from hotelctl.core.ports import WorkTree
from hotelctl.facts.artifact import Export
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World


def test_the_tree_and_a_clean_copy_of_it() -> None:
    world = World()
    world.repository.dirty = ("thing.py",)
    assert world.fact(WorkTree).dirty == ("thing.py",)
    export = world.fact(Export)
    assert export.commit == COMMIT
    assert world.files.read(export.path / "thing.py") == b"x"


def test_no_commit_is_unavailable() -> None:
    world = World()
    world.repository.head = None
    assert "no commit" in world.why_not(WorkTree)
