"""A repository that somebody writes while it is searched: what is told is of one moment, or it is unknown."""

import os
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.adapters.git import GitRepository
from hotelctl.core.errors import Unavailable
from hotelctl.core.history import WRITTEN_TO, LookAtMany
from hotelctl.core.ports import WorkTree
from hotelctl.facts.object_search import ObjectSearch, SearchedValues
from hotelctl.facts.past_leaks import HistoryLeaks
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import NamedSecret, SecretValues
from hotelctl.facts.secret_history import SecretHistory
from hotelctl.probes.context import Context
from hotelctl.probes.history_leaks import commit_leaks, history_leaks
from hotelctl.probes.object_search import object_search
from hotelctl.probes.secret_history import secret_history
from hotelctl.probes.tree_files import tree_files
from tests.facts.test_archives import zipped
from tests.probes import real
from tests.probes.test_history_leaks import Town, line

pytestmark = pytest.mark.system
_VALUE = "Tr0ub4dor-and-three-more"
_KNOWN = (NamedSecret(("LOGIN",), Secret(_VALUE)),)

Write = Callable[[Town], None]


def _nobody(_town: Town) -> None:
    """Nothing is written."""


def _commits(town: Town) -> None:
    town.commit("more", {"more.py": "A = 1\n"})


def _deletes_a_branch(town: Town) -> None:
    town.git("branch", "-D", "side")
    town.git("reflog", "expire", "--expire=now", "--all")
    town.git("gc", "-q", "--prune=now")


def _moves_a_tag(town: Town) -> None:
    town.git("tag", "-f", "kept", "HEAD~1")


def _puts_aside(town: Town) -> None:
    (town.place / "README").write_text("Something.\n")
    town.git("stash")


def _looks_elsewhere(town: Town) -> None:
    town.git("checkout", "-q", "--detach", "HEAD~1")


_WRITE = (_commits, _deletes_a_branch, _moves_a_tag, _puts_aside, _looks_elsewhere)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    town = Town(tmp_path / "town")
    town.commit("second", {"a.py": "A = 1\n"})
    town.git("branch", "side")
    town.git("tag", "kept")
    town.git("checkout", "-q", "side")
    town.commit("of the side", {"b.py": "B = 1\n"})
    town.git("checkout", "-q", "main")
    return town


def _context(town: Town) -> Context:
    context = real.context(town.place, town.place.parent / "work", town.world)
    repository = GitRepository(town.place, town.world.evidence, {"PATH": os.environ["PATH"]})
    return replace(context, repository=repository, kept=town.kept)


def _leaks(town: Town, first: Write, second: Write = _nobody) -> HistoryLeaks:
    """What is told where one writes between the commits and the objects, and one behind both."""
    context = _context(town)
    tree = context.repository.work_tree()
    past = commit_leaks(context, tree)
    first(town)
    searched = object_search(context, tree, SearchedValues(_KNOWN))
    second(town)
    return history_leaks(context, tree, past, searched)


def _copies(town: Town, write: Write) -> SecretHistory:
    context = _context(town)
    tree = context.repository.work_tree()
    searched = object_search(context, tree, SearchedValues(_KNOWN))
    write(town)
    values = SecretValues(_KNOWN, frozenset(), ())
    return secret_history(context, tree, values, searched, tree_files(context, tree))


def test_where_nobody_writes_there_is_a_verdict(town: Town) -> None:
    assert _leaks(town, _nobody).gap == ""
    assert _copies(town, _nobody).gap == ""


@pytest.mark.parametrize("write", _WRITE)
def test_what_is_written_between_the_halves_of_a_search_leaves_no_clean_verdict(
    town: Town, write: Write
) -> None:
    assert _leaks(town, write).gap == WRITTEN_TO


@pytest.mark.parametrize("write", _WRITE)
def test_what_is_written_behind_the_search_leaves_no_clean_verdict(town: Town, write: Write) -> None:
    assert _leaks(town, _nobody, write).gap == WRITTEN_TO


@pytest.mark.parametrize("write", _WRITE)
def test_of_known_values_neither(town: Town, write: Write) -> None:
    assert _copies(town, write).gap == WRITTEN_TO


def test_what_moves_from_an_archive_into_a_file_is_in_one_half_at_least_or_not_judged(town: Town) -> None:
    (town.place / "a.zip").write_bytes(zipped({"a.py": line()}))
    town.commit("an archive", {})

    def rewrite(town: Town) -> None:
        town.git("reset", "-q", "--hard", "HEAD~1")
        town.commit("a file", {"c.py": line().decode()})
        town.git("reflog", "expire", "--expire=now", "--all")
        town.git("gc", "-q", "--prune=now")

    found = _leaks(town, rewrite)
    assert not found.leaks, "neither half sees it"
    assert found.gap == WRITTEN_TO


class _Packing(GitRepository):
    """Somebody packs all objects, and takes the loose ones away, before the first is given out."""

    times = 1

    def each_object(self, look: LookAtMany, overlap: int, seen: Collection[str] = ()) -> int:
        if self.times:
            self.times -= 1
            (self._git.directory / f"new{self.times}").write_text(f"{self.times}\n")
            for words in (("add", "-A"), ("repack", "-a", "-d", "-q"), ("prune-packed", "-q")):
                assert self._git.run(*words).ok
            return 0
        return super().each_object(look, overlap, seen)


def _packed(town: Town, times: int) -> tuple[ObjectSearch, WorkTree]:
    town.commit("secret", {"c.py": _VALUE})
    town.commit("gone", {"c.py": None})
    repository = _Packing(town.place, town.world.evidence, {"PATH": os.environ["PATH"]})
    repository.times = times
    context = replace(_context(town), repository=repository)
    tree = context.repository.work_tree()
    return object_search(context, tree, SearchedValues(_KNOWN)), tree


def test_objects_that_were_packed_while_they_were_read_are_read_again(town: Town) -> None:
    searched, _ = _packed(town, 1)
    assert searched.trouble == ""
    assert [hit.names for hit in searched.hits] == [("LOGIN",)]


def test_where_that_never_ends_nothing_is_called_clean(town: Town) -> None:
    searched, _ = _packed(town, 9)
    assert searched.trouble == f"the history cannot be read: {WRITTEN_TO}"


def test_a_file_that_comes_while_others_are_read_is_read_too(town: Town) -> None:
    context = _context(town)
    tree = context.repository.work_tree()
    (town.place / "later.py").write_text(_VALUE)
    found = tree_files(context, tree)
    assert found.files["later.py"] == _VALUE.encode()
    assert "later.py" in found.new


def test_a_repository_that_git_cannot_list_meanwhile_is_unknown(town: Town) -> None:
    context = _context(town)
    tree = context.repository.work_tree()
    (town.place / ".git" / "index").write_bytes(b"half of one")
    with pytest.raises(Unavailable, match="git ls-files failed"):
        tree_files(context, tree)
