import pytest

from hotelctl.facts.env_bytes import oddities


@pytest.mark.parametrize("data", [b"", b"A=1\n", b"A=\rx\n", "A=ü\n".encode()])
def test_plain_text_has_none(data: bytes) -> None:
    assert list(oddities(data)) == []


def test_place_and_line_are_the_first() -> None:
    found = {one.kind: (one.line, one.at) for one in oddities(b"A=1\nB=\0\r\nC=\xff\xfe\r\n")}
    assert found == {"crlf": (2, 7), "nul": (2, 6), "not-utf-8": (3, 11)}
