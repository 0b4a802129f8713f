import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from hotelctl.facts import archives
from hotelctl.facts.archives import Archives, Opened, kind, unpacked

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
        (zipped({"in": gzip.compress(tarred({"a": _TEXT}))}), [("d/x.tar.gz!in!a", _TEXT)]),
    ],
    ids=["zip", "tar", "gzip", "bz2", "xz", "tar in gzip", "tar in gzip in zip"],
)
def test_each_kind_is_opened_whatever_it_is_called(content: bytes, inside: list[tuple[str, bytes]]) -> None:
    assert opened(content) == inside


@pytest.mark.parametrize("content", [b"", b"PK", _TEXT, b"BZ", b"\x00" * 600])
def test_other_files_are_no_archives(content: bytes) -> None:
    assert kind(content) == ""
    assert opened(content) == []


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and no more",
        b"BZh is a word",
        b"\x1f\x8b\x08" + bytes(30),
        b"\xfd7zXZ\x00" + _TEXT,
        bytes(257) + b"ustar" + bytes(300),
        b"\x28\xb5\x2f\xfd" + _TEXT,
    ],
)
def test_what_only_begins_like_one_holds_nothing(content: bytes) -> None:
    assert kind(content)
    assert opened(content) == []


def test_a_member_that_is_broken_does_not_hide_the_others() -> None:
    whole = zipped({"a": b"first" * 99, "b": _TEXT})
    assert opened(whole[:32] + b"\xff\xff\xff" + whole[35:]) == [("d/x.tar.gz!b", _TEXT)]


def test_what_comes_out_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_LARGEST_BYTES", 100)
    monkeypatch.setattr(archives, "_ALL_BYTES", 250)
    files = {"a": b"1" * 100, "large": b"2" * 101, "c": b"3" * 49, "d": b"4" * 50}
    assert [name for name, _ in opened(zipped(files))] == ["d/x.tar.gz!a", "d/x.tar.gz!c"]


def test_archives_in_archives_are_opened_eight_times() -> None:
    content = _TEXT
    for _ in range(8):
        content = gzip.compress(content)
    assert opened(content) == [("d/x.tar.gz!x", _TEXT)]
    assert opened(gzip.compress(content)) == [("d/x.tar.gz!x", gzip.compress(_TEXT))]


def test_of_files_archives_are_taken_as_their_members_and_those_that_cannot_be_opened_as_they_are() -> None:
    files = {"a.whl": zipped({"b": _TEXT}), "c.zst": b"\x28\xb5\x2f\xfd", "text": _TEXT}
    assert unpacked(files) == {"a.whl!b": _TEXT, "c.zst": b"\x28\xb5\x2f\xfd", "text": _TEXT}


def test_an_archive_of_which_something_is_left_out_is_given_on_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_LARGEST_BYTES", 10)
    large = zipped({"a": _TEXT, "large": b"1" * 11})
    assert unpacked({"x.zip": large}) == {"x.zip!a": _TEXT, "x.zip": large}


def test_objects_are_put_together_from_windows_that_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_LARGEST_BYTES", 10)
    found = Archives(2)
    for window in (b"BZh123", b"2345"):
        found("a", window)
    found("b", b"no archive")
    for window in (b"BZhBZhBZh", b"hBZh"):
        found("too large", window)
    assert found.held == {"a": b"BZh12345"}
