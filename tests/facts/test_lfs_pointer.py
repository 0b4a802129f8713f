import pytest

from hotelctl.facts.lfs_pointer import pointed_at

_OID = "4d7a" * 16
_VERSION = b"version https://git-lfs.github.com/spec/v1\n"
_REST = f"oid sha256:{_OID}\nsize 12345\n".encode()


@pytest.mark.parametrize("more", [b"", b"ext-0-x sha256:1\n"])
def test_a_pointer_says_what_it_stands_for(more: bytes) -> None:
    assert pointed_at(_VERSION + more + _REST) == _OID


@pytest.mark.parametrize("content", [b"", b"x" + _VERSION + _REST, _VERSION, _VERSION + _REST + bytes(2000)])
def test_anything_else_is_none(content: bytes) -> None:
    assert pointed_at(content) == ""
