"""What Git LFS keeps of the history is searched where it is here, and told where it is not."""

import gzip
import os
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from hotelctl.adapters.git import GitRepository
from hotelctl.checks.secrets.no_secret_is_in_the_history import no_secret_is_in_the_history
from hotelctl.checks.secrets.no_secret_of_the_service_is_copied import no_secret_of_the_service_is_copied
from hotelctl.core.errors import Unavailable
from hotelctl.facts.leaks import TreeLeaks
from hotelctl.facts.lfs_pointer import NOT_REACHED
from hotelctl.facts.object_search import SearchedValues
from hotelctl.facts.secret import Secret
from hotelctl.facts.secret_copies import NamedSecret, SecretCopies, SecretValues
from hotelctl.facts.secret_history import SecretHistory
from hotelctl.facts.waivers import AnsweredArchives
from hotelctl.probes.object_search import object_search
from hotelctl.probes.secret_history import secret_history
from hotelctl.probes.tree_files import tree_files
from tests.checks import made
from tests.probes import real
from tests.probes.test_history_leaks import Town, line

pytestmark = pytest.mark.system
_VALUE = "Tr0ub4dor-and-three-more"
_KNOWN = (NamedSecret(("LOGIN",), Secret(_VALUE)),)
_NOTHING = SecretCopies(1, 1, ())


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """One whose history had a large file that is gone."""
    return Town(tmp_path / "town")


def _commit(town: Town, content: bytes, name: str = "big.bin") -> str:
    """The commit that brought a pointer at it, which the next one takes away."""
    digest = sha256(content).hexdigest()
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(content)}\n"
    commit = town.commit(f"with {name}", {name: text})
    town.commit(f"without {name}", {name: None})
    return commit


def _fetch(town: Town, content: bytes, below: str = ".git/lfs") -> Path:
    digest = sha256(content).hexdigest()
    place = town.place / below / "objects" / digest[:2] / digest[2:4] / digest
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def _exact(town: Town, place: Path | None = None) -> SecretHistory:
    here = place or town.place
    repository = GitRepository(here, town.world.evidence, {"PATH": os.environ["PATH"]})
    context = real.context(here, town.place.parent / "work", town.world)
    context = replace(context, repository=repository, kept=town.kept)
    tree = repository.work_tree()
    searched = object_search(context, tree, SearchedValues(_KNOWN))
    values = SecretValues(_KNOWN, frozenset(), ())
    return secret_history(context, tree, values, searched, tree_files(context, tree))


def _judged(fact: SecretHistory, *answered: str) -> list[str]:
    doubts = AnsweredArchives(frozenset(answered))
    found = made.judged(no_secret_of_the_service_is_copied, _NOTHING, fact, doubts)
    return [one.message for one in found]


def test_a_value_is_found_when_the_file_was_fetched_and_not_known_before(town: Town) -> None:
    content = b"x" * 3_000_000 + _VALUE.encode() + b"y" * 2_000_000
    commit, digest = _commit(town, content), sha256(content).hexdigest()
    with pytest.raises(
        Unavailable, match=rf"big\.bin \(sha256 {digest}\): .*: git lfs fetch --all; or answer"
    ):
        _judged(_exact(town))
    place = _fetch(town, content)
    (one,) = _judged(_exact(town))
    assert one.startswith(f"big.bin: the history holds the value of LOGIN, since {commit[:12]}")
    place.unlink()
    with pytest.raises(Unavailable, match="git lfs fetch --all"):
        _judged(_exact(town))


@pytest.mark.parametrize(
    "content", [gzip.compress(_VALUE.encode(), mtime=0), _VALUE.encode("utf-16-le")], ids=["gzip", "utf-16"]
)
def test_archives_and_utf_16_are_read_as_elsewhere(town: Town, content: bytes) -> None:
    _commit(town, content)
    _fetch(town, content)
    (one,) = _exact(town).copies
    assert one.traces[0].path == "big.bin"


def test_who_answers_for_one_file_says_nothing_of_another_at_its_path(town: Town) -> None:
    commits = [_commit(town, one) for one in (b"first", b"second")]
    fact = _exact(town)
    first, second = (sha256(one).hexdigest() for one in (b"first", b"second"))
    assert second < first
    assert set(fact.doubts) == {"big.bin", f"big.bin in {commits[0][:12]}"}
    assert len(_judged(fact, first, second)) == 2
    with pytest.raises(Unavailable, match=second):
        _judged(fact, first)
    told = {"big.bin in the history": (first, second), f"big.bin in {commits[0][:12]}": (second, first)}
    for place, (here, gone) in told.items():
        copies = SecretCopies(1, 1, (), {"big.bin": f"is not here (sha256 {here})"})
        with pytest.raises(Unavailable, match=re.escape(f"{place} (sha256 {gone}")):
            made.judged(no_secret_of_the_service_is_copied, copies, fact, AnsweredArchives(frozenset({here})))


def test_a_file_with_other_bytes_than_it_should_have_is_no_clean_one(town: Town) -> None:
    _commit(town, b"nothing")
    _fetch(town, b"nothing").write_bytes(b"another")
    for fact in (_exact(town), town.searched()):
        assert "has other bytes here than its pointer says" in fact.doubts["big.bin"]
    _fetch(town, b"nothing")
    assert _exact(town).doubts == town.searched().doubts == {}


def test_work_trees_share_the_files_and_a_setting_says_where_else_they_lie(town: Town) -> None:
    _commit(town, _VALUE.encode())
    place = _fetch(town, _VALUE.encode())
    other = town.place.parent / "other"
    town.git("worktree", "add", "-q", str(other))
    assert len(_exact(town, other).copies) == 1
    place.unlink()
    _fetch(town, _VALUE.encode(), ".git/elsewhere")
    town.git("config", "lfs.storage", "elsewhere")
    assert len(_exact(town).copies) == 1


def test_of_a_pointer_that_nothing_leads_to_it_is_told_how_to_drop_it(town: Town) -> None:
    _commit(town, b"nothing")
    town.git("reset", "-q", "--hard", "HEAD~2")
    (why,) = _exact(town).doubts.values()
    assert why.startswith(NOT_REACHED)
    assert town.searched().doubts == {}


def test_the_scanner_reads_it_too_and_again_when_it_came(town: Town) -> None:
    content = line()
    commit = _commit(town, content)
    before = town.searched()
    with pytest.raises(Unavailable, match=r"big\.bin \(sha256 .*: git lfs fetch --all"):
        made.judged(no_secret_is_in_the_history, before, TreeLeaks((), 1, ()), AnsweredArchives())
    _fetch(town, content)
    (one,) = town.searched().leaks
    assert (one.leak.path, one.leak.rule, one.commit) == ("big.bin", "github-pat", commit)
    assert town.searched().doubts == {}
    town.commit("more", {"a.py": "A = 1\n"})
    assert len(town.searched().leaks) == 1
