import codecs

import pytest

from hotelctl.facts.encoding import as_text, as_utf8, is_utf_16, may_be_utf_16

_TEXT = "LOGIN=grün\nCOLOUR=red\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8"])
def test_text_is_read_in_the_encoding_that_it_shows(encoding: str) -> None:
    assert as_text(_TEXT.encode(encoding)) == _TEXT
    assert as_utf8(_TEXT.encode(encoding)) == _TEXT.encode()


@pytest.mark.parametrize("content", [b"", b"\xff", b"\0\0\0\0", b"a\0b\0\0\0c\0", b"\x89PNG"])
def test_what_is_no_such_text_is_left_as_it_is(content: bytes) -> None:
    assert as_utf8(content) == content


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_text_that_was_cut_within_a_sign_is_read_up_to_there(encoding: str) -> None:
    cut = _TEXT.encode(encoding) + b"\n"
    assert as_text(cut) == f"{_TEXT}\ufffd"
    assert as_utf8(cut).startswith(_TEXT.encode())


@pytest.mark.parametrize("text", ["a", "täglich = geheim", "x" * 100])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE])
def test_whatever_is_utf_16_may_be_wherever_it_stands(text: str, encoding: str, mark: bytes) -> None:
    content = mark + text.encode(encoding)
    assert is_utf_16(content)
    assert may_be_utf_16(b"before" + content, 6, 6 + len(content))
    assert not may_be_utf_16(content + b"text", len(content), len(content) + 4)
