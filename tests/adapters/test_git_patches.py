from datetime import UTC, datetime

import pytest

from hotelctl.adapters.git_patches import PatchStream
from hotelctl.core.history import Added, Change

_ONE, _TWO = "a" * 40, "b" * 40
_HEAD = "diff --git a/{0} b/{0}\nindex 123..456 100644\n--- a/{0}\n+++ b/{0}\n"


def _commit(name: str, message: str, *hunks: str) -> str:
    said = "".join(f" {line}\n" if line else "\n" for line in message.splitlines())
    return f"\x01{name} 1700000000 Ada Ash\n{said}\n{''.join(hunks)}"


def _read(
    text: str, piece: int = 1000, most: int = 8_000_000, overlap: int = 0
) -> tuple[list[Change], PatchStream]:
    found: list[Change] = []
    stream = PatchStream(found.append, most, overlap)
    data = text.encode()
    for start in range(0, len(data), piece):
        stream.write(data[start : start + piece])
    stream.finish()
    return found, stream


def _added(changes: list[Change]) -> list[Added]:
    return [one for change in changes for one in change.added]


@pytest.mark.parametrize("piece", [1, 3, 50, 1000])
def test_what_each_commit_added_is_told_however_the_stream_is_cut(piece: int) -> None:
    a, b = _HEAD.format("a.py"), _HEAD.format("b.py")
    text = _commit(
        _TWO, "more\n\nwords", a, "@@ -3 +3,2 @@ def f():\n-old\n+new\n+er\n@@ -9 +9,0 @@\n-gone\n", b
    )
    text += "@@ -0,0 +1 @@\n+last\n\\ No newline at end of file\n\n" + _commit(_ONE, "")
    found, stream = _read(text, piece)
    assert (stream.commits, stream.trouble) == (2, "")
    assert _added(found) == [("a.py", 3, b"+new\n+er\n"), ("b.py", 1, b"+last\n")]
    at = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert {(one.commit, one.author, one.at) for one in found if one.added} == {(_TWO, "Ada Ash", at)}
    assert [one.message.rstrip(b"\n") for one in found if one.message.strip()] == [b"more\n\nwords"]


def test_what_was_committed_is_taken_for_no_word_of_git() -> None:
    evil = "@@ -1 +1 @@\n+none\n+++ b/none\n\x01" + _TWO + " 1 None\ndiff --git a/x b/x"
    changed = "@@ -1,2 +1,3 @@\n---- a/none\n-@@ -1 +1 @@\n+++ b/none\n+@@ -1 +1 @@\n+\x01x\n"
    found, stream = _read(_commit(_ONE, evil, _HEAD.format("a.py"), changed))
    assert (stream.commits, stream.trouble) == (1, "")
    assert _added(found) == [("a.py", 1, b"+++ b/none\n+@@ -1 +1 @@\n+\x01x\n")]
    assert found[0].message.rstrip() == evil.encode()


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ("b/a file\t", "a file"),
        (r'"b/a\n\"b\"\t\\\303\251"', 'a\n"b"\t\\é'),
        ("b/b/b/x", "b/b/x"),
    ],
)
def test_a_path_is_told_as_it_is(told: str, path: str) -> None:
    head = f"diff --git a/x b/x\n--- /dev/null\n+++ {told}\n"
    found, _ = _read(_commit(_ONE, "", head, "@@ -0,0 +1 @@\n+x\n"))
    assert [one[0] for one in _added(found)] == [path]


@pytest.mark.parametrize("piece", [7, 64])
@pytest.mark.parametrize("width", [5, 400])
def test_a_long_change_comes_in_parts_with_their_lines(piece: int, width: int) -> None:
    lines = [f"{n}{'x' * width}" for n in range(40)]
    hunk = (
        "@@ -4,40 +4,40 @@\n" + "".join(f"-{one}\n" for one in lines) + "".join(f"+{one}\n" for one in lines)
    )
    found, stream = _read(_commit(_ONE, "", _HEAD.format("a"), hunk) + "\n" + _commit(_TWO, ""), piece, 100)
    assert (stream.commits, stream.trouble) == (2, "")
    added = _added(found)
    assert len(added) > 3
    assert max(len(one[2]) for one in added) < 300
    text = "".join(part.decode().replace("\n+", "\n")[1:] for _, _, part in added)
    assert text.replace("\n", "") == "".join(lines)
    for _, line, part in added:
        assert part[1:].split(b"\n")[0].decode() in lines[line - 4]


@pytest.mark.parametrize("piece", [7, 64])
@pytest.mark.parametrize("end", ["\n", " "])
def test_nothing_falls_between_two_parts_of_a_long_change(piece: int, end: str) -> None:
    values = [f"key{number:03}" for number in range(200)]
    text, lines = end.join(values), 200 if end == "\n" else 1
    hunk = f"@@ -0,0 +4,{lines} @@\n+" + text.replace("\n", "\n+") + "\n@@ -9,0 +300 @@\n+other\n"
    found, stream = _read(_commit(_ONE, "", _HEAD.format("a"), hunk), piece, 100, 20)
    assert stream.trouble == ""
    *parts, last = _added(found)
    assert last == ("a", 300, b"+other\n")
    for number, value in enumerate(values):
        holding = [(line, part) for _, line, part in parts if value.encode() in part]
        assert holding
        for line, part in holding:
            assert line + part[: part.index(value.encode())].count(b"\n") == 4 + number * (end == "\n")


def test_what_a_commit_adds_to_many_files_comes_in_parts() -> None:
    files = [_HEAD.format(f"f{n}") + "@@ -0,0 +1 @@\n+" + "x" * 50 + "\n" for n in range(100)]
    found, _ = _read(_commit(_ONE, "words", *files), most=500)
    assert max(sum(len(part) for *_, part in one.added) for one in found) < 600
    assert [path for path, *_ in _added(found)] == [f"f{n}" for n in range(100)]
    assert [one.message for one in found if one.message] == [b"words\n\n"]


@pytest.mark.parametrize("hunk", ["@@ -0,0 +1,2 @@\n+one\n", "@@ -0,0 +1 @@\n", "@@ -1 +1,0 @@\n+one\n"])
def test_fewer_or_more_lines_than_git_counts_are_trouble(hunk: str) -> None:
    _, stream = _read(_commit(_ONE, "", _HEAD.format("a"), hunk))
    assert stream.trouble == f"git's answer cannot be read in commit {_ONE[:12]}"
