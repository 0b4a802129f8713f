import zlib

import pytest

from hotelctl.facts.flyway_checksum import is_as_noted

# Of the nine letters "123456789" every description of CRC-32 names the sum; as a signed number.
_NINE = 0xCBF43926 - 2**32


@pytest.mark.parametrize("text", [b"123456789", b"1234\n56789\n", b"1234\r\n56789\r\n", b"1234\r56789"])
def test_it_is_of_the_lines_without_their_ends(text: bytes) -> None:
    assert is_as_noted(text, _NINE, again=False)
    assert is_as_noted(text + b" ", _NINE, again=False) is False


def test_a_mark_of_byte_order_counts_or_not() -> None:
    marked = "\ufeffSELECT 1;".encode()
    both = (zlib.crc32(marked), zlib.crc32(b"SELECT 1;"))
    assert all(is_as_noted(marked, one - 2**32 if one >= 2**31 else one, again=True) for one in both)


def test_what_nobody_can_tell() -> None:
    assert is_as_noted(b"SELECT 1;", None, again=False) is None
    assert is_as_noted(b"\xff", 1, again=False) is None
    assert is_as_noted(b"GRANT SELECT ON a TO ${reader};", 1, again=True) is None
    assert is_as_noted(b"GRANT SELECT ON a TO ${reader};", 1, again=False) is False
