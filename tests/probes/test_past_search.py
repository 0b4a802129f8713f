"""What is found in files of a real history that are too large to be shown by git."""

from pathlib import Path

import pytest

from tests.probes.test_history_leaks import Town, line, token

pytestmark = pytest.mark.system


@pytest.fixture
def town(tmp_path: Path) -> Town:
    """One with a single commit."""
    return Town(tmp_path / "town")


class TestLargeFiles:
    """Small numbers stand for large ones."""

    @pytest.fixture(autouse=True)
    def limits(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of a file, of what is taken of git's answer at a time, and of what two windows share."""
        monkeypatch.setattr("hotelctl.adapters.git_large_blobs.LARGEST_BYTES", 2000)
        monkeypatch.setattr("hotelctl.adapters.git_command._PIECE_BYTES", 700)
        monkeypatch.setattr("hotelctl.adapters.git_objects._WINDOW_BYTES", 1000)
        monkeypatch.setattr("hotelctl.probes.past_search._SHARED_BYTES", 100)

    def test_every_value_is_found_on_its_line_and_git_shows_no_change_of_it(self, town: Town) -> None:
        lines = [line().decode() for _ in range(80)]
        commit = town.commit("key", {"large.py": "".join(lines), "b.py": f'B = "{token()}"\n'})
        town.commit("gone", {"large.py": None})
        found = sorted(
            (one.leak.path, one.leak.line, one.commit, one.author) for one in town.searched().leaks
        )
        large = [("large.py", number, commit, "Ada") for number in range(1, 81)]
        assert found == [("b.py", 1, commit, "Ada"), *large]
        given = [one for one in town.world.evidence.of("git") if one.get("operation") == "these objects"]
        assert len(given) == 1

    def test_it_is_told_of_each_commit_that_brought_it_at_its_path_there(self, town: Town) -> None:
        text = "x = 1\n" * 500 + f'A = "{token()}"\n'
        first = town.commit("one", {"a.py": text})
        town.commit("gone", {"a.py": None})
        second = town.commit("two", {"b.py": text})
        found = {(one.leak.path, one.leak.line, one.commit) for one in town.searched().leaks}
        assert found == {("a.py", 501, first), ("b.py", 501, second)}
        third = town.commit("more", {"c.py": text.replace("x", "y")})
        found.add(("c.py", 501, third))
        assert {(one.leak.path, one.leak.line, one.commit) for one in town.searched().leaks} == found
        town.require_walks([False, True])

    def test_what_the_clone_shows_in_its_place_does_not_hide_it(self, town: Town) -> None:
        town.commit("key", {"a.py": "x = 1\n" * 500 + f'A = "{token()}"\n'})
        blob = town.git("rev-parse", "HEAD:a.py")
        town.git("update-ref", f"refs/replace/{blob}", town.git("rev-parse", "HEAD:README"))
        town.commit("gone", {"a.py": None})
        assert [one.leak.path for one in town.searched().leaks] == ["a.py"]
