from datetime import UTC, datetime
from typing import Any

import pytest

from hotelctl.core.history import Added, Change
from hotelctl.facts.added_text import AddedText
from hotelctl.facts.leak_rules import is_key_file
from hotelctl.facts.leaks import called

_ONE, _TWO, _TAG = "a" * 40, "b" * 40, "c" * 40
_AT = datetime(2026, 11, 29, tzinfo=UTC)


def _text(*changes: tuple[str, bytes, tuple[Added, ...]]) -> AddedText:
    text = AddedText(frozenset({_TAG}))
    for commit, message, added in changes:
        text.take(Change(commit, "Ada", _AT, message, added))
    return text


def _found(text: AddedText, line: bytes) -> list[tuple[str, int, str, str]]:
    """Path, line, commit and kind of what a scanner finds that names each such line of the archive."""
    files = text.files()
    items: list[dict[str, Any]] = [
        {"location": {"path": f"x.tar!{within}", "start_line": row}, "match": {"value": "x"}}
        for within, name in called(files).items()
        for row, one in enumerate(files[name].split(b"\n"), 1)
        if line == one
    ]
    placed = text.placed(list(items), "x.tar", files)
    about = [(one["location"], one["attributes"]) for one in placed]
    assert {one["git.author_name"] for _, one in about} <= {"Ada"}
    assert {one["git.date"] for _, one in about} <= {_AT.isoformat()}
    return [
        (str(at["path"]), int(at["start_line"]), str(one["git.sha"]), str(one["resource"]))
        for at, one in about
    ]


def test_what_is_found_stands_on_its_line_of_its_commit() -> None:
    text = _text(
        (_ONE, b"", (("a.py", 7, b"+x\n+key\n"), ("b.py", 1, b"+key\n"), ("a.py", 90, b"++key\n"))),
        (_TWO, b"", (("a.py", 3, b"+y\n+\n+key\n"),)),
    )
    patch = "git.patch_content"
    assert _found(text, b"key") == [
        ("a.py", 8, _ONE, patch),
        ("a.py", 5, _TWO, patch),
        ("b.py", 1, _ONE, patch),
    ]
    assert _found(text, b"+key") == [("a.py", 90, _ONE, patch)]


def test_messages_of_commits_and_tags_have_no_path() -> None:
    text = _text((_ONE, b"one\n\nkey\n", ()), (_TWO, b"two\n", ()), (_TAG, b"key", ()))
    assert _found(text, b"key") == [("", 3, _ONE, "git.commit_message"), ("", 1, _TAG, "git.tag_message")]


def test_a_file_that_is_called_as_that_of_the_messages_is_another_one() -> None:
    (own,) = _text((_ONE, b"key", ())).files()
    text = _text((_ONE, b"key", ()), (_TWO, b"", ((own, 1, b"+key\n"),)))
    assert {(path, commit) for path, _, commit, _ in _found(text, b"key")} == {("", _ONE), (own, _TWO)}


def test_an_archive_by_its_name_alone_is_found_at_its_path() -> None:
    text = _text((_ONE, b"", (("a.zip", 1, b"+key\n"), ("../b.tar.gz", 1, b"+key\n"))))
    assert {path for path, *_ in _found(text, b"key")} == {"a.zip", "../b.tar.gz"}


def test_each_version_of_a_file_that_is_a_key_stands_alone() -> None:
    path = "config/master.key"
    text = _text((_ONE, b"", ((path, 1, b"+key\n"),)), (_TWO, b"", ((path, 1, b"+key\n"),)))
    patch = "git.patch_content"
    assert list(text.files().values()) == [b"key\n"] * 2
    assert all(is_key_file(name) for name in text.files())
    assert _found(text, b"key") == [(path, 1, _ONE, patch), (path, 1, _TWO, patch)]


def test_its_size_counts_what_each_part_and_each_file_takes_besides_its_bytes() -> None:
    few = _text((_ONE, b"", (("a", 1, b"+67\n"),)))
    parts = _text((_ONE, b"", tuple(("a", n, b"+67\n") for n in range(1, 1001))))
    files = _text((_ONE, b"", tuple((f"a{n}", 1, b"+67\n") for n in range(1000))))
    assert parts.size > few.size + 999 * 80
    assert files.size > parts.size + 999 * 1024


@pytest.mark.parametrize("end", ["\n", " "])
def test_of_what_is_long_each_piece_is_read_at_once_and_nothing_falls_between_two(end: str) -> None:
    values = [f"key{n:06}{'x' * (n % 90)}" for n in range(6000)]
    added = b"+" + end.join(values).replace("\n", "\n+").encode() + b"\n"
    text = _text((_ONE, b"", (("a", 7, added), ("a", 1, b"+key\n"))))
    content = text.files().values()
    assert len(content) > 5
    assert max(map(len, content)) < 100_000
    assert all(any(value.encode() in one for one in content) for value in values)
    if end == "\n":
        for number, value in list(enumerate(values))[::100]:
            assert {one[:3] for one in _found(text, value.encode())} == {("a", 7 + number, _ONE)}


def test_a_file_that_is_called_as_a_piece_of_another_is_another_one() -> None:
    (own,) = _text((_ONE, b"", (("a", 1, b"+" + b"x" * 21_000 + b"\n"),))).files()
    text = _text((_ONE, b"", (("a", 1, b"+" + b"x" * 21_000 + b"\n"), (own, 3, b"+key\n"))))
    assert [one[:3] for one in _found(text, b"key")] == [(own, 3, _ONE)]


def test_a_place_that_is_none_of_it_is_an_error() -> None:
    item = {"location": {"path": "x.tar!other", "start_line": 1}}
    with pytest.raises(KeyError):
        _text((_ONE, b"", (("a", 1, b"+x\n"),))).placed([item], "x.tar", {"a": b""})
