from typing import Any

import pytest

from hotelctl.facts.leaks import called
from hotelctl.facts.long_files import LongFiles
from hotelctl.facts.long_text import PIECE_BYTES

_LINE = b"key-%06d" + b" of some words" * 4 + b"\n"
_KEYS = [b"key-%06d" % n for n in range(5000)]
_LONG = b"".join(_LINE % n for n in range(5000))


def _placed(whole: dict[str, bytes], wanted: bytes) -> list[tuple[str, int]]:
    """Where a scanner finds it that names each piece in which it stands."""
    long = LongFiles.of(whole)
    items: list[dict[str, Any]] = [
        {
            "rule_id": "r",
            "location": {"path": f"x.tar!{within}", "start_line": long.files[name][:at].count(b"\n") + 1},
            "match": {"value": wanted.decode()},
        }
        for within, name in called(long.files).items()
        if (at := long.files[name].find(wanted)) >= 0
    ]
    return [
        (str(one["location"]["path"]), int(one["location"]["start_line"]))
        for one in long.placed(list(items), "x.tar")
    ]


def test_each_piece_is_read_at_once_and_what_stands_anywhere_is_told_once_on_its_line() -> None:
    files = LongFiles.of({"a/b.js": _LONG}).files
    assert len(files) > 3
    assert max(map(len, files.values())) <= PIECE_BYTES
    for number in (0, 1, 1200, 1290, 1300, 1310, 2400, 2500, 2600, 4999):
        assert _placed({"a/b.js": _LONG}, _KEYS[number]) == [("x.tar!a/b.js", number + 1)]


def test_no_key_of_a_long_line_is_cut_in_all_pieces() -> None:
    line = b"".join(b"%08d" % n for n in range(40_000))
    files = LongFiles.of({"a.js": line}).files
    for at in range(0, len(line) - 4000, 1000):
        assert any(line[at : at + 4000] in piece for piece in files.values())
    assert _placed({"a.js": line}, b"00039999") == [("x.tar!a.js", 1)]


@pytest.mark.parametrize(
    "content",
    [b"x" * PIECE_BYTES, b"\0" + b"x" * 2 * PIECE_BYTES, b"PK\3\4" + b"x" * 2 * PIECE_BYTES],
    ids=["short", "no text", "archive"],
)
def test_what_is_short_or_no_text_stays_as_it_is(content: bytes) -> None:
    assert LongFiles.of({"a": content}).files == {"a": content}


def test_utf_16_is_cut_as_the_text_that_it_is() -> None:
    whole = {"a.txt": "\ufeff".encode("utf-16-le") + _LONG.decode().encode("utf-16-le")}
    assert len(LongFiles.of(whole).files) > 3
    assert _placed(whole, _KEYS[4000]) == [("x.tar!a.txt", 4001)]


def test_files_that_are_called_as_pieces_of_another_are_others() -> None:
    whole = {"a": _LONG, "1/a": _KEYS[4999], "2/a": b"x", "3/a": b"y"}
    files = LongFiles.of(whole).files
    assert {name: files[name] for name in ("1/a", "2/a", "3/a")} == {
        n: whole[n] for n in ("1/a", "2/a", "3/a")
    }
    assert sorted(_placed(whole, _KEYS[4999])) == [("x.tar!1/a", 1), ("x.tar!a", 5000)]


def test_a_place_that_is_none_is_an_error() -> None:
    with pytest.raises(KeyError):
        LongFiles.of({"a": _LONG}).placed([{"rule_id": "r"}], "x.tar")
