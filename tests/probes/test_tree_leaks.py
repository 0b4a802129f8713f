"""What is given to betterleaks, and what the real program makes of it."""

import gzip
import json
import secrets
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.adapters.git import GitRepository
from hotelctl.checks.secrets.no_secret_is_in_the_work_tree import no_secret_is_in_the_work_tree
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.core.ports import WorkTree
from hotelctl.core.redact import Redactor
from hotelctl.facts import leaks
from hotelctl.facts.archives import BROKEN
from hotelctl.facts.leaks import TreeLeaks
from hotelctl.facts.waivers import AnsweredArchives
from hotelctl.probes.context import Context
from hotelctl.probes.tree_files import tree_files
from hotelctl.probes.tree_leaks import tree_leaks
from tests.checks import made
from tests.checks.build import projects
from tests.facts.test_archives import tarred, whys, zipped
from tests.fakes.evidence import FakeEvidence
from tests.fakes.kept import FakeKept
from tests.fakes.processes import Answer, FakeProcesses
from tests.probes import real
from tests.probes.worlds import World

SCAN = {"state": "complete", "num_findings": 0, "bytes_scanned": 9}


def token() -> str:
    """In the shape of a GitHub token, and new each time."""
    return f"ghp_{secrets.token_hex(18)}"


def leaks_of(context: Context, tree: WorkTree) -> TreeLeaks:
    """What is found in the files of that tree."""
    return tree_leaks(context, tree_files(context, tree))


def clean_answer(archive: str = "tree.tar") -> Answer:
    """It found what was planted and nothing else."""
    place = {"path": f"{archive}!planted-by-hotelctl.txt", "start_line": 1}
    value = {"value": leaks.token("planted-by-hotelctl.txt")}
    planted = {"rule_id": "x", "confidence": "high", "match": value, "location": place}
    return Answer(1, json.dumps({"findings": [planted], "scan": SCAN | {"num_findings": 1}}))


class TestTheRealProgram:
    """On a real repository."""

    pytestmark = pytest.mark.system

    scanner = "betterleaks"
    encodings: tuple[str, ...] = ("base64", "hex")

    def git(self, place: Path, *words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main")
        subprocess.run(("git", *who, *words), cwd=place, check=True, capture_output=True)

    def repository(self, place: Path, **files: str) -> Path:
        """One commit with these files, by their names without the `.py`."""
        projects.written(place, {".gitignore": "ignored.py\n", **{f"{k}.py": v for k, v in files.items()}})
        self.git(place, "init", "-q")
        self.git(place, "add", ".")
        self.git(place, "commit", "-qm", "all")
        return place

    def fact(self, place: Path, kept: FakeKept | None = None) -> tuple[TreeLeaks, FakeEvidence]:
        world = World()
        context = real.context(place, place.parent / "work", world, self.scanner)
        repository = GitRepository(place, world.evidence, {"PATH": "/usr/bin:/bin"})
        context = replace(context, repository=repository, kept=kept or FakeKept())
        fact = leaks_of(context, repository.work_tree())
        assert not list(context.workspace.glob("*.tar")), "a copy of the secrets is left"
        return fact, world.evidence

    def found(self, place: Path) -> list[Finding]:
        return made.judged(no_secret_is_in_the_work_tree, self.fact(place)[0], AnsweredArchives())

    def test_a_tree_without_secrets_is_fine(self, tmp_path: Path) -> None:
        place = self.repository(tmp_path / "p", a="A = 1\n", b="")
        fact, _ = self.fact(place)
        assert (fact.leaks, fact.files, dict(fact.doubts)) == ((), 3, {})

    def test_tracked_changed_and_new_files_are_searched_and_ignored_ones_are_not(
        self, tmp_path: Path
    ) -> None:
        place = self.repository(tmp_path / "p", tracked=f'A = "{token()}"\n', changed="", gone="B = 1\n")
        (place / "gone.py").unlink()
        (place / "link.py").symlink_to("/nowhere")
        for name in ("changed", "new", "ignored"):
            (place / f"{name}.py").write_text(f'\nA = "{token()}"\n')
        found = self.found(place)
        assert [str(one.location) for one in found] == ["changed.py:2", "new.py:2", "tracked.py:1"]
        assert {(one.subject, one.severity) for one in found} == {("github-pat", Severity.CRITICAL)}

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_a_file_in_utf_16_is_searched_too(self, tmp_path: Path, encoding: str) -> None:
        place = self.repository(tmp_path / "p", a="A = 1\n")
        (place / "new.py").write_bytes(f'# before\nA = "{token()}"\n'.encode(encoding))
        assert [(str(one.location), one.subject) for one in self.found(place)] == [("new.py:2", "github-pat")]

    def test_archives_are_opened_whatever_they_are_called(self, tmp_path: Path) -> None:
        place = self.repository(tmp_path / "p", a="A = 1\n")
        line = f'\nA = "{token()}"\n'.encode()
        (place / "new.whl").write_bytes(zipped({"b.py": line}))
        (place / "old.tar.gz").write_bytes(gzip.compress(tarred({".netrc": line})))
        found = [str(one.location) for one in self.found(place)]
        assert found == ["new.whl!b.py:2", "old.tar.gz!.netrc:2"]
        (place / "old.zip").write_bytes(zipped({".netrc": line})[:-9])
        assert whys(self.fact(place)[0].doubts) == {"old.zip": BROKEN}

    @pytest.mark.parametrize("name", ["a.gz", "a.tar.gz", "b.tgz.txt", "c.zip", "d.tar.gz!e.py", "f.ZIP"])
    def test_what_is_only_called_as_an_archive_is_read(self, tmp_path: Path, name: str) -> None:
        place = self.repository(tmp_path / "p", a="A = 1\n")
        (place / name).write_text(f'\nA = "{token()}"\n')
        assert [str(one.location) for one in self.found(place)] == [f"{name}:2"]

    def test_repositories_inside_are_named_and_not_searched(self, tmp_path: Path) -> None:
        place, other = self.repository(tmp_path / "p", a="A = 1\n"), tmp_path / "other"
        self.repository(other, b=f'B = "{token()}"\n')
        self.git(place, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "sub")
        self.repository(place / "nested", c=f'C = "{token()}"\n')
        fact, _ = self.fact(place)
        assert (fact.leaks, fact.apart) == ((), ("nested", "sub"))

    def test_the_names_of_files_are_searched_and_not_repeated(self, tmp_path: Path) -> None:
        place, key = self.repository(tmp_path / "p", a="A = 1\n"), token()
        (place / f"notes-{key}.md").write_text("Nothing.\n")
        (found,) = self.found(place)
        assert (found.subject, found.severity) == ("github-pat", Severity.CRITICAL)
        assert "its name" in found.message
        assert key not in repr(found)

    @pytest.mark.parametrize("name", ["planted-by-hotelctl.txt", "names-by-hotelctl.txt"])
    def test_what_is_called_as_files_that_are_added_to_the_search_is_searched_itself(
        self, tmp_path: Path, name: str
    ) -> None:
        place, key = self.repository(tmp_path / "p", a="A = 1\n"), token()
        (place / name).write_text(f'\nA = "{token()}"\n')
        (place / f"notes-{key}.md").write_text("Nothing.\n")
        found = self.fact(place)[0].leaks
        assert {one.place if one.named else f"{one.path}:{one.line}" for one in found} == {
            "its name",
            f"{name}:2",
        }

    def test_nothing_in_the_tree_hides_what_it_holds(self, tmp_path: Path) -> None:
        place = self.repository(tmp_path / "p", a=f'A = "{token()}"  # betterleaks:allow gitleaks:allow\n')
        projects.written(place, {".betterleaks.toml": "title = 'x'\n", ".gitleaks.toml": "title = 'x'\n"})
        assert [one.subject for one in self.found(place)] == ["github-pat"]

    def test_a_file_that_lies_there_as_it_was_is_not_read_again_and_keeps_its_findings(
        self, tmp_path: Path
    ) -> None:
        place, kept = (
            self.repository(tmp_path / "p", a=f'A = "{token()}"\n', b=f'B = "{token()}"\n'),
            FakeKept(),
        )
        first, _ = self.fact(place, kept)
        (place / "b.py").write_text(f'\nB = "{token()}"\n')
        (place / "c.py").write_text(f'C = "{token()}"\n')
        second, _ = self.fact(place, kept)
        assert sorted((one.path, one.line) for one in second.leaks) == [("a.py", 1), ("b.py", 2), ("c.py", 1)]
        assert {one for one in first.leaks if one.path == "a.py"} < set(second.leaks)
        alone, _ = self.fact(place)
        assert set(alone.leaks) == set(second.leaks)
        (place / "a.py").unlink()
        assert {one.path for one in self.fact(place, kept)[0].leaks} == {"b.py", "c.py"}

    def test_what_lay_elsewhere_before_or_lies_there_twice_is_told_where_it_lies_now(
        self, tmp_path: Path
    ) -> None:
        place, kept = self.repository(tmp_path / "p", a=f'A = "{token()}"\n', b="B = 1\n"), FakeKept()
        self.fact(place, kept)
        (place / "a.py").rename(place / "moved.py")
        assert [one.path for one in self.fact(place, kept)[0].leaks] == ["moved.py"]
        (place / "twice.py").write_bytes((place / "moved.py").read_bytes())
        assert {one.path for one in self.fact(place, kept)[0].leaks} == {"moved.py", "twice.py"}
        (place / "moved.py").unlink()
        assert [one.path for one in self.fact(place, kept)[0].leaks] == ["twice.py"]

    def test_a_file_whose_name_holds_a_key_keeps_its_findings_and_shows_it_nowhere(
        self, tmp_path: Path
    ) -> None:
        place, key, kept = self.repository(tmp_path / "p", a="A = 1\n"), token(), FakeKept()
        (place / f"notes-{key}.md").write_text(f'A = "{token()}"\n')
        (place / f"{key.encode().hex()}.zip").write_bytes(zipped({"b.py": b"A = 1\n"})[:-9])
        first, _ = self.fact(place, kept)
        (place / "a.py").write_text("A = 2\n")
        second, _ = self.fact(place, kept)
        assert set(second.leaks) == set(first.leaks)
        assert second.doubts == first.doubts
        mark = next(one.mark for one in first.leaks if one.named)
        assert sorted((one.named, one.path) for one in first.leaks) == [
            (False, f"notes-{mark}.md"),
            *([(True, mark)] if "hex" in self.encodings else []),
            (True, f"notes-{mark}.md"),
        ]
        assert key not in repr((first, second))
        assert (key.encode().hex() in repr((first, second))) is ("hex" not in self.encodings)

    def test_the_value_is_nowhere_but_equal_ones_are_seen_to_be_equal(self, tmp_path: Path) -> None:
        value = token()
        place = self.repository(tmp_path / "p", a=f'A = "{value}"\n', b=f'B = "{value}"\n')
        fact, evidence = self.fact(place)
        found = made.judged(no_secret_is_in_the_work_tree, fact, AnsweredArchives())
        assert value not in repr((fact, found, evidence.records, evidence.outputs))
        assert len({one.mark for one in fact.leaks}) == 1
        assert fact.leaks[0].mark.startswith("[redacted 40 chars #")
        run = evidence.of("process")[-1]
        assert run["confidential"]
        assert run["tool"]["version"]


@pytest.mark.system
class TestTheOtherRealProgram(TestTheRealProgram):
    """The same of kingfisher."""

    scanner = "kingfisher"
    encodings = ("base64",)


def test_a_program_that_finds_nothing_at_all_is_not_believed_and_a_file_too_large_is_named() -> None:
    world, processes = World(), FakeProcesses()
    world.write("new.py", "A = 1\n")
    processes.answer(("fs",), Answer(0, json.dumps({"findings": [], "scan": SCAN})))
    context = replace(world.context(), processes=processes)
    with pytest.raises(Unavailable, match="did not find a secret that was planted"):
        leaks_of(context, made.tree(("new.py",)))
    assert not world.files.exists(context.workspace / "tree.tar")
    processes = FakeProcesses()
    processes.answer(("fs",), clean_answer())
    world.write("big.bin", bytes(50_000_001))
    fact = leaks_of(replace(context, processes=processes), made.tree(("big.bin", "gone.py", "new.py")))
    assert (fact.files, fact.leaks, fact.doubts) == (1, (), {"big.bin": "is too large"})


def test_a_file_that_git_lfs_keeps_elsewhere_is_a_doubt_for_which_somebody_can_answer() -> None:
    world, processes, oid = World(), FakeProcesses(), "4d7a" * 16
    processes.answer(("fs",), clean_answer())
    world.write("big.bin", f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 9\n")
    fact = leaks_of(replace(world.context(), processes=processes), made.tree(("big.bin",)))
    with pytest.raises(Unavailable, match=r"big\.bin.*git lfs pull"):
        made.judged(no_secret_is_in_the_work_tree, fact, AnsweredArchives())
    (waived,) = made.judged(no_secret_is_in_the_work_tree, fact, AnsweredArchives(frozenset({oid})))
    assert "nothing is known of what it holds" in waived.message


def test_the_same_files_are_searched_once_and_others_or_another_key_again() -> None:
    world, processes, kept = World(), FakeProcesses(), FakeKept()
    processes.answer(("fs",), clean_answer())
    world.write("new.py", "A = 1\n")
    context = replace(world.context(), processes=processes, kept=kept)
    first = leaks_of(context, made.tree(("new.py",)))
    assert leaks_of(context, made.tree(("new.py",))) == first
    assert len(processes.commands) == 1
    assert not world.files.exists(context.workspace / "tree.tar")
    world.write("new.py", "A = 2\n")
    leaks_of(context, made.tree(("new.py",)))
    leaks_of(replace(context, mark=Redactor(b"other").mark), made.tree(("new.py",)))
    assert len(processes.commands) == 3


def test_only_what_is_new_is_given_to_it_and_after_thirty_times_all(monkeypatch: pytest.MonkeyPatch) -> None:
    world, processes, kept = World(), FakeProcesses(), FakeKept()
    processes.answer(("fs",), clean_answer())
    context = replace(world.context(), processes=processes, kept=kept)
    given: list[set[str]] = []
    packed = leaks.packed

    def noted(files: dict[str, bytes]) -> bytes:
        given.append(set(files) - {"names-by-hotelctl.txt"})
        return packed(files)

    monkeypatch.setattr("hotelctl.facts.leaks.packed", noted)
    for number in range(33):
        world.write("a.py", "A = 1\n")
        world.write("b.py", f"B = {number}\n")
        leaks_of(context, made.tree(("a.py", "b.py")))
    assert given == [{"a.py", "b.py"}, *([{"b.py"}] * 30), {"a.py", "b.py"}, {"b.py"}]


def test_a_program_that_is_not_there_is_a_reason_and_leaves_no_archive() -> None:
    world = World()
    world.write("new.py", "A = 1\n")
    world.tools.trouble = "no network"
    context = world.context()
    with pytest.raises(Unavailable, match="betterleaks is not here: no network"):
        leaks_of(context, made.tree(("new.py",)))
    assert not world.files.exists(context.workspace / "tree.tar")


def test_a_repository_without_files_has_nothing_to_search() -> None:
    fact = leaks_of(World().context(), made.tree())
    assert (fact.files, fact.leaks) == (0, ())
    with pytest.raises(NotApplicable, match="git tracks no file"):
        made.judged(no_secret_is_in_the_work_tree, fact, AnsweredArchives())
