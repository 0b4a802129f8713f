import bz2
import gzip
import io
import lzma
import secrets
import tarfile
import zipfile
from collections.abc import Mapping
from hashlib import sha256

import pytest

from hotelctl.facts import archives
from hotelctl.facts.archives import Archives, Opened, digest_in, kind, may_be, unpacked

_TEXT = b"one\ntwo\n"


def tarred(files: dict[str, bytes]) -> bytes:
    """A tar archive of them."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """A compressed zip archive of them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def whys(left_out: Mapping[str, str]) -> dict[str, str]:
    """The reasons alone, each of which names an archive."""
    assert all(map(digest_in, left_out.values()))
    return {name: why.partition(" (sha256 ")[0] for name, why in left_out.items()}


def opened(content: bytes) -> list[tuple[str, bytes]]:
    """What is in a file of a name that says little."""
    return list(Opened()("d/x.tar.gz", content))


@pytest.mark.parametrize(
    ("content", "inside"),
    [
        (zipped({"a/b": _TEXT, "c": b"3"}), [("d/x.tar.gz!a/b", _TEXT), ("d/x.tar.gz!c", b"3")]),
        (tarred({"a/b": _TEXT}), [("d/x.tar.gz!a/b", _TEXT)]),
        (gzip.compress(_TEXT), [("d/x.tar.gz!x", _TEXT)]),
        (bz2.compress(_TEXT), [("d/x.tar.gz!x", _TEXT)]),
        (lzma.compress(_TEXT), [("d/x.tar.gz!x", _TEXT)]),
        (gzip.compress(tarred({"a": _TEXT})), [("d/x.tar.gz!a", _TEXT)]),
        (b"#!/usr/bin/env python3\n" + zipped({"a": _TEXT}), [("d/x.tar.gz!a", _TEXT)]),
        (zipped({"in": gzip.compress(tarred({"a": _TEXT}))}), [("d/x.tar.gz!in!a", _TEXT)]),
    ],
    ids=["zip", "tar", "gzip", "bz2", "xz", "tar in gzip", "that runs itself", "tar in gzip in zip"],
)
def test_each_kind_is_opened_whatever_it_is_called(content: bytes, inside: list[tuple[str, bytes]]) -> None:
    assert opened(content) == inside


@pytest.mark.parametrize("content", [b"", b"PK", _TEXT, b"BZ", b"BZh is a word", b"BZh9 too", b"\x00" * 600])
def test_other_files_are_no_archives(content: bytes) -> None:
    assert kind(content) == ""
    assert opened(content) == []


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and no more",
        bz2.compress(_TEXT)[:12],
        b"\x1f\x8b\x08" + bytes(30),
        b"\xfd7zXZ\x00" + _TEXT,
        bytes(257) + b"ustar" + bytes(300),
    ],
)
def test_what_only_begins_like_one_holds_nothing_and_is_told(content: bytes) -> None:
    opens = Opened()
    assert kind(content)
    assert list(opens("a", content)) == []
    assert whys(opens.left_out) == {"a": archives.BROKEN}


def test_a_member_that_is_broken_does_not_hide_the_others() -> None:
    whole = zipped({"a": b"first" * 99, "b": _TEXT})
    assert opened(whole[:32] + b"\xff\xff\xff" + whole[35:]) == [("d/x.tar.gz!b", _TEXT)]


def test_of_a_file_that_is_cut_off_the_first_part_is_read_and_the_rest_is_told() -> None:
    opens = Opened()
    text = secrets.token_bytes(3_000_000)
    ((_, data),) = opens("a.gz", gzip.compress(text)[:-9])
    assert text.startswith(data)
    assert len(data) > 2_000_000
    assert whys(opens.left_out) == {"a.gz": archives.BROKEN}


@pytest.mark.parametrize(
    ("content", "inside"),
    [
        (tarred({"a": _TEXT, "b": _TEXT})[:1030], ["x!a"]),
        (tarred({"a": _TEXT})[:1024] + b"no header" * 99, ["x!a"]),
        (tarred({"a": _TEXT}) + tarred({"b": _TEXT}), ["x!a"]),
        (gzip.compress(_TEXT) + b"more", ["x!x"]),
    ],
    ids=["cut off", "no header", "two after each other", "something behind it"],
)
def test_what_does_not_end_as_it_should_is_told(content: bytes, inside: list[str]) -> None:
    opens = Opened()
    assert [name for name, _ in opens("x", content)] == inside
    assert whys(opens.left_out) == {"x": archives.BROKEN}


def test_what_has_a_password_or_no_reader_is_told_and_the_rest_is_opened() -> None:
    locked = bytearray(zipped({"a": _TEXT}))
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(sign) + flags] |= 1
    opens = Opened()
    files = {"locked.zip": bytes(locked), "old.zst": b"\x28\xb5\x2f\xfd" + _TEXT, "a.txt": _TEXT}
    assert [name for name, _ in opens("x.zip", zipped(files))] == ["x.zip!a.txt"]
    assert whys(opens.left_out) == {
        "x.zip!locked.zip": archives.LOCKED,
        "x.zip!old.zst": archives.NO_READER.format("zstd"),
    }


def test_what_comes_out_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_BYTES", 100)
    monkeypatch.setattr(archives, "_ALL_BYTES", 250)
    files = {"a": b"1" * 100, "large": b"2" * 101, "c": b"3" * 49, "d": b"4" * 50}
    opens = Opened()
    assert [name for name, _ in opens("x", zipped(files))] == ["x!a", "x!c"]
    assert whys(opens.left_out) == {"x": archives.TOO_MUCH}
    assert list(opens("y", zipped({"a": b"5" * 2}))) == []
    assert whys(opens.left_out)["y"] == archives.TOO_MUCH


def test_archives_in_archives_are_opened_eight_times() -> None:
    content = _TEXT
    for _ in range(8):
        content = gzip.compress(content, mtime=0)
    assert opened(content) == [("d/x.tar.gz!x", _TEXT)]
    opens = Opened()
    assert list(opens("a", gzip.compress(content))) == [("a!a", gzip.compress(_TEXT, mtime=0))]
    assert whys(opens.left_out) == {"a": archives.TOO_DEEP}


def test_of_files_archives_are_taken_as_their_members_and_those_that_cannot_be_opened_as_they_are() -> None:
    files = {"a.whl": zipped({"b": _TEXT}), "c.zst": b"\x28\xb5\x2f\xfd", "text": _TEXT}
    held, left_out = unpacked(files)
    assert held == {"a.whl!b": _TEXT, "c.zst": b"\x28\xb5\x2f\xfd", "text": _TEXT}
    assert whys(left_out) == {"c.zst": archives.NO_READER.format("zstd")}


def test_an_archive_of_which_something_is_left_out_is_given_on_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_BYTES", 10)
    large = zipped({"a": _TEXT, "large": b"1" * 11})
    held, left_out = unpacked({"x.zip": large, "y.zip": zipped({"b": _TEXT})})
    assert held == {"x.zip!a": _TEXT, "x.zip": large, "y.zip!b": _TEXT}
    assert whys(left_out) == {"x.zip": archives.TOO_LARGE}


def test_objects_are_put_together_from_windows_that_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_BYTES", 10)
    monkeypatch.setattr(archives, "_ALL_BYTES", 18)
    found = Archives(2)
    for window in (b"PK\x03\x0412", b"12345"):
        found("a", window)
    found("b", b"no archive")
    for window in (b"PK\x03\x0412345", b"4567"):
        found("too large", window)
    for name in ("too much", "fits"):
        found(name, b"PK\x03\x04" + b"1" * (6 if name == "too much" else 3))
    assert found.held == {"a": b"PK\x03\x0412345", "fits": b"PK\x03\x04111"}
    assert whys(found.left_out) == {"too large": archives.TOO_LARGE, "too much": archives.TOO_MUCH}


def test_the_outermost_archive_is_named_by_what_it_is_whatever_it_is_called() -> None:
    inner = b"\x28\xb5\x2f\xfd" + _TEXT
    outer = zipped({"old.zst": inner})
    opens = Opened()
    assert list(opens("x", outer)) + list(opens("y", inner)) == []
    assert {name: digest_in(why) for name, why in opens.left_out.items()} == {
        "x!old.zst": sha256(outer).hexdigest(),
        "y": sha256(inner).hexdigest(),
    }
    assert digest_in("is too large") == ""


def test_what_is_too_large_to_be_held_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "LARGEST_BYTES", 10)
    found = Archives(2)
    for window in (b"PK\x03\x0412345", b"4567890", b"90ab"):
        found("large", window)
    assert digest_in(found.left_out["large"]) == sha256(b"PK\x03\x041234567890ab").hexdigest()


@pytest.mark.parametrize(
    ("begin", "called"),
    [(b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07\x01\0", "rar"), (b"\x04\x22\x4d\x18", "lz4")],
)
def test_kinds_that_nothing_here_reads_are_told(begin: bytes, called: str) -> None:
    opens = Opened()
    assert list(opens("x", begin + bytes(99))) == []
    assert whys(opens.left_out) == {"x": f"is not opened: {called} has no reader here"}


@pytest.mark.parametrize(
    "content", [b"7z of them", b"Rar! he said", b"#!/bin/sh\nPK", b"#!/bin/sh\n\nPK\x03\x04"]
)
def test_text_that_begins_nearly_so_is_no_archive(content: bytes) -> None:
    assert kind(content) == ""


@pytest.mark.parametrize(
    "begin",
    [*archives._FIRST, b"BZh91AY&SY", b"#!/usr/bin/env python3\nPK\x03\x04", bytes(257) + b"ustar"],
)
def test_whatever_is_an_archive_may_be_one_wherever_it_stands(begin: bytes) -> None:
    assert kind(begin)
    assert may_be(b"before" + begin, 6, 6 + len(begin))
    assert not may_be(begin + b"text", len(begin), len(begin) + 4)
