import pytest

from hotelctl.render.trailer import intact, with_trailer


def test_the_last_line_speaks_for_all_bytes_before_it() -> None:
    text = with_trailer("<p>é</p>\n")
    assert text.startswith("<p>é</p>\n<!-- sha256:")
    assert intact(text.encode())


@pytest.mark.parametrize("position", [0, 4, -1, -2, -50])
def test_a_changed_byte_shows(position: int) -> None:
    data = bytearray(with_trailer("<p>text</p>\n").encode())
    data[position] ^= 1
    assert not intact(bytes(data))


def test_what_has_no_such_line_is_not_intact() -> None:
    assert not intact(b"")
    assert not intact(b"<p>text</p>\n")
