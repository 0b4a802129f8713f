"""What the real program finds in the history of a real repository."""

import json
import os
import secrets
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.adapters.git import GitRepository
from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import WorkTree
from hotelctl.facts import leaks, past_leaks
from hotelctl.facts.object_search import ObjectSearch, SearchedValues
from hotelctl.facts.past_leaks import HistoryLeaks
from hotelctl.probes.context import Context
from hotelctl.probes.history_leaks import commit_leaks, history_leaks
from hotelctl.probes.object_search import object_search
from tests.checks import made
from tests.fakes.kept import FakeKept
from tests.fakes.processes import Answer, FakeProcesses
from tests.probes import real
from tests.probes.test_tree_leaks import SCAN
from tests.probes.worlds import World


def token() -> str:
    """In the shape of a GitHub token, and new each time."""
    return f"ghp_{secrets.token_hex(18)}"


def line() -> bytes:
    """A line with one."""
    return f'A = "{token()}"\n'.encode()


class Town:
    """A repository that a test writes."""

    def __init__(self, place: Path, scanner: str = "betterleaks") -> None:
        self.scanner = scanner
        self.place, self.world, self.kept = place, World(), FakeKept()
        place.mkdir(parents=True)
        self.git("init", "-q")
        self.commit("first", {"README": "Nothing.\n"})

    def git(self, *words: str) -> str:
        """What git says."""
        who = ("-c", "user.name=Ada", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
        environ = {"PATH": os.environ["PATH"], "HOME": str(self.place.parent)}
        argv = ("git", *who, *words)
        return subprocess.run(
            argv, cwd=self.place, env=environ, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, message: str, files: dict[str, str | None]) -> str:
        """The commit that writes these files, or removes them."""
        for name, text in files.items():
            if text is None:
                (self.place / name).unlink()
            else:
                (self.place / name).write_text(text)
        self.git("add", "--all", ".")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def searched(self, place: Path | None = None) -> HistoryLeaks:
        """The fact."""
        here = place or self.place
        context = real.context(here, self.place.parent / "work", self.world, self.scanner)
        repository = GitRepository(here, self.world.evidence, {"PATH": os.environ["PATH"]})
        context = replace(context, repository=repository, kept=self.kept)
        tree = repository.work_tree()
        fact = _searched(context, tree, object_search(context, tree, SearchedValues()))
        assert not list(context.workspace.glob("history*")), "what it worked with is left"
        return fact

    def walks(self) -> list[bool]:
        """Of each search by now, whether it went on from the one before."""
        walks = (one for one in self.world.evidence.of("git") if one.get("operation") == "changes")
        return [bool(one["goes_on"]) for one in walks]

    def require_walks(self, went_on: list[bool]) -> None:
        """So many searches, each of which went on or not; kingfisher always reads all that is there."""
        assert self.walks() == (went_on if self.scanner == "betterleaks" else [])


@pytest.fixture
def town(tmp_path: Path, request: pytest.FixtureRequest) -> Town:
    """One with a single commit."""
    return Town(tmp_path / "town", getattr(request.cls, "scanner", "betterleaks"))


@pytest.mark.system
class TestTheRealProgram:
    """On real repositories."""

    scanner = "betterleaks"

    def test_a_history_without_secrets_is_searched_to_both_ends(self, town: Town) -> None:
        found = town.searched()
        assert (found.leaks, found.commits, found.gap) == ((), 1, "")

    def test_a_file_that_is_gone_is_found_with_the_commit_that_brought_it(self, town: Town) -> None:
        value = token()
        commit = town.commit("key", {"a.py": f'A = "{value}"\n'})
        town.commit("no key", {"a.py": None})
        (one,) = town.searched().leaks
        assert (one.leak.rule, one.leak.path, one.commit, one.author) == ("github-pat", "a.py", commit, "Ada")
        assert value not in repr((one, town.world.evidence.records, town.world.evidence.outputs))

    def test_other_branches_messages_of_commits_and_of_tags_are_searched(self, town: Town) -> None:
        town.git("checkout", "-q", "-b", "side")
        town.commit("on a branch", {"b.py": f'B = "{token()}"\n'})
        town.git("checkout", "-q", "main")
        town.commit(f"with {token()}", {"c.py": "C = 1\n"})
        town.git("tag", "-a", "v1", "-m", f"tagged {token()}")
        found = {(one.leak.path, one.message) for one in town.searched().leaks}
        assert found == {("b.py", ""), ("", "commit message"), ("", "tag v1")}

    def test_what_only_a_merge_brought_is_found(self, town: Town) -> None:
        town.git("checkout", "-q", "-b", "side")
        town.commit("side", {"b.py": "B = 1\n"})
        town.git("checkout", "-q", "main")
        town.commit("main", {"c.py": "C = 1\n"})
        town.git("merge", "-q", "--no-commit", "side")
        commit = town.commit("merge", {"evil.py": f'E = "{token()}"\n'})
        town.commit("gone", {"evil.py": None})
        assert [(one.leak.path, one.commit) for one in town.searched().leaks] == [("evil.py", commit)]

    def test_a_commit_that_no_branch_names_is_searched_where_it_is_checked_out(self, town: Town) -> None:
        town.git("checkout", "-q", "--detach")
        town.commit("alone", {"d.py": f'D = "{token()}"\n'})
        town.commit("gone", {"d.py": None})
        assert [one.leak.path for one in town.searched().leaks] == ["d.py"]

    def test_settings_of_the_repository_do_not_hide_anything(self, town: Town) -> None:
        town.commit("key", {"a.py": f'A = "{token()}"\n', ".gitattributes": "*.py -diff\n"})
        town.commit("gone", {"a.py": None, ".gitattributes": None})
        town.git("config", "diff.external", "true")
        town.git("config", "log.follow", "true")
        town.git("replace", "HEAD~1", "HEAD~2")
        assert [one.leak.path for one in town.searched().leaks] == ["a.py"]

    def test_paths_are_told_from_the_project(self, town: Town) -> None:
        (town.place / "part").mkdir()
        town.commit("key", {"part/a.py": f'A = "{token()}"\n', "b.py": f'B = "{token()}"\n'})
        found = town.searched(town.place / "part").leaks
        assert sorted(one.leak.path for one in found) == ["../b.py", "a.py"]

    def test_a_shallow_clone_is_searched_and_told(self, town: Town) -> None:
        town.commit("key", {"a.py": f'A = "{token()}"\n'})
        town.commit("gone", {"a.py": None})
        clone = town.place.parent / "clone"
        subprocess.run(("git", "clone", "-q", "--depth", "1", f"file://{town.place}", str(clone)), check=True)
        found = town.searched(clone)
        assert found.leaks == ()
        assert found.gap == "the clone is shallow: git fetch --unshallow"

    def test_the_next_search_goes_on_where_the_one_before_ended(self, town: Town) -> None:
        town.commit("key", {"a.py": f'A = "{token()}"\n'})
        town.git("tag", "-a", "v1", "-m", f"tagged {token()}")
        before = town.searched().leaks
        assert town.searched().leaks == before
        town.require_walks([False])
        town.commit("another", {"a.py": None, "b.py": f'B = "{token()}"\n'})
        after = town.searched()
        town.require_walks([False, True])
        assert after.commits == 3
        assert set(before) < set(after.leaks)
        assert {one.leak.path for one in after.leaks} == {"a.py", "", "b.py"}

    def test_what_no_name_leads_to_any_more_is_forgotten(self, town: Town) -> None:
        town.git("checkout", "-q", "-b", "side")
        town.commit("side", {"b.py": f'B = "{token()}"\n'})
        town.git("tag", "-a", "v1", "-m", f"tagged {token()}")
        town.git("checkout", "-q", "main")
        assert len(town.searched().leaks) == 2
        town.git("branch", "-q", "-D", "side")
        town.git("tag", "-d", "v1")
        town.commit("main", {"c.py": "C = 1\n"})
        assert town.searched().leaks == ()
        town.require_walks([False, True])

    def test_it_begins_anew_where_objects_or_answers_of_before_are_gone(self, town: Town) -> None:
        town.searched()
        (hint,) = (one for one in town.kept.hints if town.scanner in one)
        for spoilt in ("f" * 40, "no commit", "--all", town.git("rev-parse", "HEAD^{tree}")):
            town.kept.hints[hint] = spoilt
            town.commit("more", {})
            assert town.searched().leaks == ()
        town.require_walks([False] * 5)

    def test_after_thirty_searches_in_a_row_it_begins_anew(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("hotelctl.probes.history_leaks.MOST_IN_A_ROW", 1)
        for _ in range(4):
            town.searched()
            town.commit("more", {})
        town.require_walks([False, True, False, True])

    def test_what_a_shallow_clone_lacks_is_found_when_it_came(self, town: Town) -> None:
        town.commit("key", {"a.py": f'A = "{token()}"\n'})
        town.commit("gone", {"a.py": None})
        clone = town.place.parent / "clone"
        origin = f"file://{town.place}"
        subprocess.run(("git", "clone", "-q", "--depth", "1", origin, str(clone)), check=True)
        assert town.searched(clone).leaks == ()
        subprocess.run(("git", "-C", str(clone), "fetch", "-q", "--unshallow"), check=True)
        assert [one.leak.path for one in town.searched(clone).leaks] == ["a.py"]
        town.require_walks([False, False])

    def test_merges_of_three_and_what_was_put_aside_are_searched(self, town: Town) -> None:
        for name in ("one", "two"):
            town.git("checkout", "-q", "-b", name, "main")
            town.commit(name, {f"{name}.py": "X = 1\n"})
        town.git("checkout", "-q", "main")
        town.commit("main", {"c.py": "C = 1\n"})
        town.git("merge", "-q", "--no-commit", "one", "two")
        merge = town.commit("octopus", {"evil.py": f'E = "{token()}"\n'})
        for name in ("first.py", "second.py"):
            (town.place / name).write_text(f'S = "{token()}"\n')
            town.git("stash", "-q", "--include-untracked")
        town.commit("gone", {"evil.py": None})
        found = town.searched().leaks
        assert {one.leak.path for one in found} == {"evil.py", "first.py", "second.py"}
        # What was put aside is a merge, too.
        assert merge in {one.commit for one in found if one.leak.path == "evil.py"}

    def test_text_with_a_nul_in_it_is_searched(self, town: Town) -> None:
        town.commit("key", {"a.py": f'A = "{token()}"\n\0\n'})
        town.commit("gone", {"a.py": None})
        assert [one.leak.path for one in town.searched().leaks] == ["a.py"]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_text_in_utf_16_is_searched(self, town: Town, encoding: str) -> None:
        (town.place / "a.ini").write_bytes(f"[a]\r\ntoken = {token()}\r\n".encode(encoding))
        commit = town.commit("key", {})
        town.commit("gone", {"a.ini": None})
        found = [(one.leak.path, one.leak.rule, one.leak.line, one.commit) for one in town.searched().leaks]
        assert found == [("a.ini", "github-pat", 2, commit)]

    def test_every_name_is_followed_whatever_it_points_at_and_is_called(self, town: Town) -> None:
        (town.place / "kept").write_text(f'A = "{token()}"\n')
        blob = town.git("hash-object", "-w", "kept")
        (town.place / "kept").unlink()
        town.git("tag", "file", blob)
        town.git("tag", "-a", "kept", "-m", f"tagged {token()}")
        town.git("update-ref", "refs/keep/kept", "refs/tags/kept")
        town.git("tag", "-d", "kept")
        for ref in ("refs/hotelctl/tips/0", "refs/seen/0", "refs/hotelctl/end0", "refs/heads/caf\udce9"):
            town.git("checkout", "-q", "--detach", "main")
            commit = town.commit(ref, {"d.py": f'D = "{token()}"\n'})
            town.git("update-ref", ref, commit)
        town.git("checkout", "-q", "main")
        found = town.searched().leaks
        assert sorted((one.leak.path, one.message) for one in found) == [
            ("", "tag file"),
            ("", "tag refs/keep/kept"),
            *[("d.py", "")] * 4,
        ]
        assert {one.commit for one in found if one.message == "tag file"} == {blob}
        town.commit("more", {"e.py": "E = 1\n"})
        assert sorted(map(repr, town.searched().leaks)) == sorted(map(repr, found))
        town.require_walks([False, True])

    def test_what_another_work_tree_has_checked_out_is_searched(self, town: Town) -> None:
        town.git("worktree", "add", "-q", "--detach", str(town.place.parent / "other"))
        other = Town.__new__(Town)
        other.place = town.place.parent / "other"
        other.commit("there", {"w.py": f'W = "{token()}"\n'})
        assert [one.leak.path for one in town.searched().leaks] == ["w.py"]

    def test_a_place_with_a_newline_is_found(self, tmp_path: Path) -> None:
        town = Town(tmp_path / 'a "new"\nline', self.scanner)
        town.commit("key", {"a.py": f'A = "{token()}"\n'})
        assert [one.leak.path for one in town.searched().leaks] == ["a.py"]

    def test_a_history_with_a_hole_is_no_clean_one(self, town: Town) -> None:
        town.commit("key", {"a.py": f'A = "{token()}"\n'})
        blob = town.git("rev-parse", "HEAD:a.py")
        town.commit("gone", {"a.py": None})
        (town.place / ".git/objects" / blob[:2] / blob[2:]).unlink()
        with pytest.raises(Unavailable, match=f"the history cannot be read: missing blob object '{blob}'"):
            town.searched()

    def test_a_damaged_file_is_named_with_its_commit(self, town: Town) -> None:
        commit = town.commit("key", {"a.py": f'A = "{token()}"\n'})
        blob = town.git("rev-parse", "HEAD:a.py")
        town.commit("gone", {"a.py": None})
        place = town.place / ".git/objects" / blob[:2] / blob[2:]
        place.chmod(0o644)
        place.write_bytes(b"damaged")
        with pytest.raises(Unavailable, match=rf"object {blob[:12]} \(a.py, commit {commit[:7]}"):
            town.searched()


@pytest.mark.system
class TestTheOtherRealProgram(TestTheRealProgram):
    """The same of kingfisher."""

    scanner = "kingfisher"

    def test_each_version_that_holds_it_is_told_and_of_a_commit_that_was_mended_the_one_that_stays(
        self, town: Town
    ) -> None:
        first = town.commit("key", {"a.py": f'A = "{token()}"\n'})
        town.git("commit", "-q", "--amend", "-m", "mended")
        mended = town.git("rev-parse", "HEAD")
        second = town.commit("more", {"a.py": f"{(town.place / 'a.py').read_text()}B = 1\n"})
        town.commit("dropped", {"b.py": f'B = "{token()}"\n'})
        town.git("reset", "-q", "--hard", "HEAD~1")
        found = [(one.commit, one.author, one.leak.path) for one in town.searched().leaks]
        assert sorted(found) == sorted([(mended, "Ada", "a.py"), (second, "Ada", "a.py")])
        assert first != mended

    def test_what_a_value_is_called_in_a_version_that_is_gone_says_that_it_is_none(self, town: Town) -> None:
        digest = "c04557ada7b80777e7e166da929dbc7f533e003e"
        town.commit(
            "names", {"a.json": f'{{"cacheKey": "{digest}"}}\n', "b.json": f'{{"apiKey": "{digest}"}}\n'}
        )
        town.commit("gone", {"a.json": None, "b.json": None})
        assert {one.leak.path for one in town.searched().leaks} == {"b.json"}


def test_the_same_branches_and_tags_are_searched_once() -> None:
    world, processes, kept = World(), FakeProcesses(), FakeKept()
    world.repository.commits["a" * 40] = {}
    processes.answer(("fs",), Answer(1, _clean()))
    context = replace(world.context(), processes=processes, kept=kept)
    first = _searched(context, made.tree(()))
    assert _searched(context, made.tree(())) == first
    assert len(processes.commands) == 1
    borrowed = [one for one in world.evidence.of("git") if one.get("operation") == "borrow"]
    assert len(borrowed) == 1, "what was searched before is not borrowed again"
    world.repository.commits["b" * 40] = {}
    _searched(context, made.tree(()))
    assert len(processes.commands) == 2


def test_a_history_that_git_cannot_read_is_a_reason() -> None:
    world = World()
    world.repository.broken = "object missing"
    with pytest.raises(Unavailable, match="the history cannot be read: object missing"):
        _searched(world.context(), made.tree(()))


def _searched(context: Context, tree: WorkTree, searched: ObjectSearch | None = None) -> HistoryLeaks:
    return history_leaks(context, tree, commit_leaks(context, tree), searched or ObjectSearch(1))


def _clean() -> str:
    planted = {f"changes.tar!{name}": value for name, value in past_leaks.expected().items()}
    items = [
        {
            "rule_id": "x",
            "confidence": "high",
            "match": {"value": value},
            "location": {"path": path, "start_line": 3},
            "attributes": {"resource": "fs.content"},
        }
        for path, value in (planted | dict(leaks.expected("changes.tar"))).items()
    ]
    return json.dumps({"findings": items, "scan": SCAN | {"num_findings": len(items)}})
