"""What the real program finds in archives of the history of a real repository."""

import gzip
import secrets
from pathlib import Path

import pytest

from hotelctl.facts.archives import BROKEN, TOO_LARGE
from tests.facts.test_archives import tarred, whys, zipped
from tests.probes.test_history_leaks import Town, line


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """One with a single commit."""
    return Town(tmp_path / "town")


class TestTheRealProgram:
    """On a real repository."""

    pytestmark = pytest.mark.system

    def test_archives_of_every_kind_and_name_are_opened(self, town: Town) -> None:
        (town.place / "a.bin").write_bytes(zipped({"in/b.tgz": gzip.compress(line())}))
        (town.place / "old.gz").write_bytes(gzip.compress(line()))
        (town.place / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
        commit = town.commit("archives", {})
        town.commit("gone", {"a.bin": None, "old.gz": None, "broken.zip": None})
        found = town.searched()
        assert {(one.leak.path, one.leak.rule, one.commit, one.author) for one in found.leaks} == {
            ("a.bin!in/b.tgz!b", "github-pat", commit, "Ada"),
            ("old.gz!old", "github-pat", commit, "Ada"),
        }
        assert whys(found.doubts) == {"broken.zip": BROKEN}
        assert town.searched() == found
        (town.place / "new.zip").write_bytes(zipped({"tests/c.py": line()}))
        town.commit("another", {})
        after = town.searched().leaks
        assert set(found.leaks) < set(after)
        assert [one.leak.path for one in set(after) - set(found.leaks)] == ["new.zip!tests/c.py"]

    def test_archives_are_asked_again_only_where_one_came_or_was_reached(self, town: Town) -> None:
        (town.place / "a.zip").write_bytes(zipped({"b.py": line()}))
        key = town.commit("an archive", {})
        assert [one.commit for one in town.searched().leaks] == [key]
        traced = len(self.traced(town))
        town.commit("another file", {"c.py": "no key\n"})
        assert [one.commit for one in town.searched().leaks] == [key]
        assert len(self.traced(town)) == traced
        town.git("checkout", "-q", "--detach", "HEAD~2")
        town.git("branch", "-q", "-D", "main")
        assert town.searched().leaks == (), "no name leads to it any more"
        town.git("branch", "again", key)
        assert [one.commit for one in town.searched().leaks] == [key]

    def test_an_archive_that_comes_again_at_another_path_is_told_of_both(self, town: Town) -> None:
        packed = zipped({"b.py": line()})
        (town.place / "tests").mkdir()
        (town.place / "tests" / "a.zip").write_bytes(packed)
        town.commit("a sample", {})
        (sample,) = town.searched().leaks
        assert sample.leak.doubt
        (town.place / "a.zip").write_bytes(packed)
        again = town.commit("the same in earnest", {})
        found = {(one.leak.path, one.commit, bool(one.leak.doubt)) for one in town.searched().leaks}
        assert found == {("tests/a.zip!b.py", sample.commit, True), ("a.zip!b.py", again, False)}

    def test_what_an_archive_holds_that_is_not_compressed_is_told_of_its_member(self, town: Town) -> None:
        (town.place / "a.tar").write_bytes(tarred({"tests/b.py": line()}))
        town.commit("an archive", {})
        assert [(one.leak.path, bool(one.leak.doubt)) for one in town.searched().leaks] == [
            ("a.tar!tests/b.py", True)
        ]

    def traced(self, town: Town) -> list[object]:
        """How often git was asked for the commits of an object."""
        return [one for one in town.world.evidence.of("git") if one.get("operation") == "traces"]

    def test_an_archive_that_no_name_leads_to_is_left_out_and_one_of_a_tag_is_told(self, town: Town) -> None:
        (town.place / "a.zip").write_bytes(zipped({"b.py": line()}))
        blob = town.git("hash-object", "-w", "a.zip")
        (town.place / "a.zip").unlink()
        assert town.searched().leaks == ()
        town.git("tag", "file", blob)
        assert {(one.leak.path, one.message, one.commit) for one in town.searched().leaks} == {
            ("", "tag file", blob)
        }

    def test_an_archive_that_is_too_large_is_left_out_and_told(
        self, town: Town, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("hotelctl.facts.archives.LARGEST_BYTES", 300)
        (town.place / "a.zip").write_bytes(zipped({"b.py": line()}))
        (town.place / "large.zip").write_bytes(zipped({"b.py": line(), "c": secrets.token_bytes(300)}))
        (town.place / "bomb.gz").write_bytes(gzip.compress(b"0" * 301))
        town.commit("archives", {})
        town.commit("gone", {"a.zip": None, "large.zip": None, "bomb.gz": None})
        for _ in "again":
            found = town.searched()
            assert [one.leak.path for one in found.leaks] == ["a.zip!b.py"]
            assert whys(found.doubts) == {"large.zip": TOO_LARGE, "bomb.gz": TOO_LARGE}
        (town.place / "new").mkdir()
        (town.place / "new/large.zip").write_bytes(zipped({"c": secrets.token_bytes(300)}))
        town.commit("only one that is too large", {})
        assert whys(town.searched(town.place / "new").doubts)["large.zip"] == TOO_LARGE
