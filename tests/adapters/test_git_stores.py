"""Against git itself."""

from pathlib import Path

import pytest

from hotelctl.adapters.git_objects import one_by_one
from hotelctl.adapters.git_stores import stores
from tests.adapters.test_git_history import Git, _repository, git

pytestmark = pytest.mark.system

__all__ = ["git"]


def _seen(place: Path, before: tuple[str, ...]) -> set[str]:
    found: set[str] = set()
    count = _repository(place).each_object(one_by_one(lambda name, _: found.add(name)), 0, before)
    assert count >= len(found), "what is empty is counted alone"
    return found


def test_only_what_came_since_is_shown_again_however_it_is_kept(tmp_path: Path, git: Git) -> None:
    here = tmp_path / "here"
    every = set(git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)").split())
    before = _repository(here).object_stores()
    assert _seen(here, ()) == every - {"4b825dc642cb6eb9a060e54bf8d69288fbee4904"}
    (here / "new").write_text("new")
    git("add", ".")
    git("commit", "--quiet", "--message", "New")
    new = {git("rev-parse", name) for name in ("HEAD", "HEAD^{tree}", "HEAD:new")}
    assert new <= _seen(here, before) < every | new, "directories that are as they were are not read"
    git("gc", "--quiet")
    packed = _repository(here).object_stores()
    assert [one.partition("-")[0] for one in packed] == ["pack"]
    assert _seen(here, packed) == set()
    (here / "newer").write_text("newer")
    git("add", ".")
    assert _seen(here, packed) == {git("rev-parse", ":newer")}
    git("commit", "--quiet", "--message", "Newer")
    git("repack", "--quiet", "-d")
    assert len(_seen(here, packed)) == 3, "they are in a pack of their own"


def test_what_is_borrowed_is_a_store_too(tmp_path: Path, git: Git) -> None:
    git("clone", "--quiet", "--shared", "--no-checkout", str(tmp_path / "here"), "../there")
    lent = _repository(tmp_path / "here").object_stores()
    assert lent
    assert _repository(tmp_path / "there").object_stores() == lent
    alternates = tmp_path / "there" / ".git" / "objects" / "info" / "alternates"
    alternates.write_text(f'"{tmp_path}/he\\162e/.git/objects"\n')
    assert stores(tmp_path / "there" / ".git" / "objects") == {}, "a spelling that is not read"


def test_objects_that_are_gone_are_not_present(tmp_path: Path, git: Git) -> None:
    head = git("rev-parse", "HEAD")
    assert _repository(tmp_path / "here").present([head, "a" * 40]) == {head}
