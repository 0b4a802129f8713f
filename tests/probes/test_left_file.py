from datetime import timedelta

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.probes.left_file import require_committed, written_since
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World


def _world() -> World:
    world = World()
    world.write("out/a.xml", "x")
    world.files.written_at = world.repository.committed_at + timedelta(seconds=1)
    return world


def test_what_was_written_after_the_checkout_counts() -> None:
    world = _world()
    tree = world.repository.work_tree()
    assert written_since(tree, world.context(), "out/a.xml") == world.files.written_at


def test_what_is_older_or_tracked_does_not() -> None:
    world = _world()
    world.repository.moved_at = world.files.written_at + timedelta(seconds=1)
    with pytest.raises(Unavailable, match="before HEAD came here"):
        written_since(world.repository.work_tree(), world.context(), "out/a.xml")
    world.repository.commit(COMMIT, {"out/a.xml": "x"})
    with pytest.raises(Unavailable, match="is tracked by git"):
        written_since(world.repository.work_tree(), world.context(), "out/a.xml")


def test_nothing_but_itself_may_be_uncommitted() -> None:
    world = _world()
    world.repository.dirty = ("out/a.xml",)
    require_committed(world.repository.work_tree(), ("out/a.xml",), "out/a.xml")
    with pytest.raises(Unavailable, match=r"out/a\.xml is not committed, so out/b\.xml may be"):
        require_committed(world.repository.work_tree(), ("out/b.xml",), "out/b.xml")
