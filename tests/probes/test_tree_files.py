"""Files of a work tree that somebody edits while they are read."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.core.history import WRITTEN_TO
from hotelctl.probes.tree_files import tree_files
from tests.fakes.repository import FakeRepository
from tests.probes import real
from tests.probes.worlds import World


class _Edited(FakeRepository):
    """`edit` happens between the first look at the files and the second question to git."""

    edit: Callable[[], None] = staticmethod(lambda: None)

    def changed(self) -> tuple[str, ...]:
        self.edit()
        return super().changed()


@pytest.fixture
def repository(tmp_path: Path) -> _Edited:
    (tmp_path / "conf.py").write_text("")
    (tmp_path / "other.py").write_text("A = 1\n")
    return _Edited(tmp_path, {"conf.py": "a key", "other.py": "A = 1\n"})


def _read(repository: _Edited) -> dict[str, str]:
    """Why files are in doubt, by path."""
    context = real.context(repository.root, repository.root.parent / "work", World())
    tree = repository.work_tree()
    return dict(tree_files(replace(context, repository=repository), tree).doubts)


def test_a_tracked_file_that_is_another_than_when_the_command_began_is_in_doubt(repository: _Edited) -> None:
    repository.edit = lambda: setattr(repository, "dirty", ("conf.py",))
    assert _read(repository) == {"conf.py": WRITTEN_TO}


def test_what_was_changed_from_the_start_is_read_as_it_lies_there(repository: _Edited) -> None:
    repository.dirty = ("conf.py",)
    assert _read(repository) == {}


def test_a_new_file_that_comes_meanwhile_is_read_too(repository: _Edited) -> None:
    (repository.root / "new.py").write_text("B = 1\n")
    repository.edit = lambda: setattr(repository, "dirty", ("new.py",))
    assert _read(repository) == {}
