import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from benchmarks.planted.archives import packed
from benchmarks.planted.cases import ARCHIVES, PLACES, Case, placed
from benchmarks.planted.ground import Ground, planted

PAST = ("changed", "deleted", "merge", "branch", "old archive")


def _case(place: str) -> Case:
    path = placed(place, f"part-{place.replace(' ', '')}/app.conf")
    return Case(place, "", "", place, path, "app.conf", f"word {place}\n", "x")


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return planted(tmp_path_factory.mktemp("ground") / "site", map(_case, PLACES))


def _commits_of(ground: Ground, case: Case, *flags: str) -> list[str]:
    return ground.git("log", "--all", "--format=%s", *flags, "--", case.path).splitlines()


@pytest.mark.parametrize("place", ["tree", "untracked", "context", "utf16"])
def test_what_lies_in_the_work_tree_lies_there(ground: Ground, place: str) -> None:
    case = _case(place)
    text = (ground.root / case.path).read_bytes().decode("utf-16" if place == "utf16" else "utf-8")
    tracked = ground.git("ls-files", "--", case.path) != ""
    ignored = ground.git("ls-files", "--others", "--ignored", "--exclude-standard", "--", case.path) != ""
    assert text == case.text
    assert (tracked, ignored) == (place in {"tree", "utf16"}, place == "context")


@pytest.mark.parametrize("place", PAST)
def test_what_is_past_is_only_in_the_history(ground: Ground, place: str) -> None:
    case, root = _case(place), ground.root
    here = (root / case.path).read_bytes() if (root / case.path).exists() else b""
    assert b"word" not in here
    assert bool(here) is (place == "changed")
    assert _commits_of(ground, case)


def test_a_merge_brings_what_neither_side_has(ground: Ground) -> None:
    assert _commits_of(ground, _case("merge"), "--no-merges") == ["remove what is not needed"]
    assert "merge the side" in ground.git("log", "--merges", "--format=%s")


def test_messages_are_told_by_commit_and_tag(ground: Ground) -> None:
    assert set(ground.said.values()) == {"message", "tag"}
    shown = {
        name: ground.git("show", "--no-patch", "--format=%B", said) for said, name in ground.said.items()
    }
    assert "word message" in shown["message"]
    assert "word tag" in shown["tag"]


def test_nothing_else_is_left_open(ground: Ground) -> None:
    assert ground.git("status", "--short") == "?? part-untracked/"


def test_the_repository_is_the_same_each_time(ground: Ground, tmp_path: Path) -> None:
    again = planted(tmp_path / "again", map(_case, PLACES))
    words = ("for-each-ref", "--format=%(refname) %(objectname)")
    assert again.git(*words) == ground.git(*words)


@pytest.mark.parametrize("name", [*ARCHIVES, "image.tar"])
def test_an_archive_holds_the_file_and_is_the_same_each_time(name: str) -> None:
    text = b"word of the archive\n" * 3
    content = packed(f"part-x/{name}", "etc/app.conf", text)
    assert content == packed(f"part-x/{name}", "etc/app.conf", text)
    assert text in _opened(content)


def _opened(content: bytes) -> bytes:
    """All that can be unpacked, one after the other."""
    if content.startswith(b"\x1f\x8b"):
        return _opened(gzip.decompress(content))
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"".join(_opened(archive.read(name)) for name in archive.namelist())
    if content[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(content)) as tar:
            members = [tar.extractfile(member) for member in tar.getmembers()]
            return b"".join(_opened(member.read()) for member in members if member)
    return content
