import pytest

from hotelctl.facts.lfs_pointer import may_point, pointed_at

_OID = "4d7a" * 16
_VERSION = b"version https://git-lfs.github.com/spec/v1\n"
_REST = f"oid sha256:{_OID}\nsize 12345\n".encode()


@pytest.mark.parametrize("more", [b"", b"ext-0-x sha256:1\n"])
def test_a_pointer_says_what_it_stands_for(more: bytes) -> None:
    assert pointed_at(_VERSION + more + _REST) == _OID


@pytest.mark.parametrize("content", [b"", b"x" + _VERSION + _REST, _VERSION, _VERSION + _REST + bytes(2000)])
def test_anything_else_is_none(content: bytes) -> None:
    assert pointed_at(content) == ""


@pytest.mark.parametrize(
    "first",
    ["https://git-lfs.github.com/spec/v1", "https://hawser.github.com/spec/v1", "http://git-media.io/v/2"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_old_names_and_ends_of_lines_that_git_lfs_reads_are_pointers(first: str, end: str) -> None:
    content = f"version {first}\noid sha256:{_OID}\nsize 1\n".replace("\n", end).encode()
    assert pointed_at(content) == _OID
    assert may_point(b"before" + content, 6, 6 + len(content))
    assert not may_point(content, 1, len(content))
