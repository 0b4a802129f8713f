"""Reads QR codes out of the pictures that the service draws, with another library than it draws with."""

import re
import struct
import zlib

import zxingcpp

_SCALE = 4


def _text(rows: list[bytes]) -> str:
    """The text of the code; rows hold a byte for each pixel, 0 is dark."""
    image = memoryview(b"".join(rows)).cast("B", (len(rows), len(rows[0])))
    (found,) = zxingcpp.read_barcodes(image)
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    return found.text


def text_of_png(picture: bytes) -> str:
    """The text of the code in a PNG of one bit a pixel."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    chunks, at = {b"IDAT": b""}, 8
    while at < len(picture):
        (length,), kind = struct.unpack(">I", picture[at : at + 4]), picture[at + 4 : at + 8]
        chunks[kind] = chunks.get(kind, b"") + picture[at + 8 : at + 8 + length]
        at += length + 12
    width, height, depth, color = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, color) == (1, 0)
    data, stride = zlib.decompress(chunks[b"IDAT"]), (width + 7) // 8 + 1
    lines = [data[row * stride : (row + 1) * stride] for row in range(height)]
    return _text([_pixels(line, width) for line in _unfiltered(lines)])


def _unfiltered(lines: list[bytes]) -> list[bytes]:
    """The lines as they are; each tells in its first byte whether it is written as the change to the last."""
    plain, last = [], bytes(len(lines[0]) - 1)
    for line in lines:
        assert line[0] in {0, 2}, "another filter than none and up"
        last = (
            bytes((old + new) % 256 for old, new in zip(last, line[1:], strict=True)) if line[0] else line[1:]
        )
        plain.append(last)
    return plain


def _pixels(line: bytes, width: int) -> bytes:
    return bytes(255 * (line[x // 8] >> (7 - x % 8) & 1) for x in range(width))


def text_of_svg(picture: str) -> str:
    """The text of the code in an SVG that draws each run of dark modules as one stroke."""
    side = int(re.search(r'viewBox="0 0 (\d+) \d+"', picture)[1])  # type: ignore[index]  # no match fails the test
    path = re.search(r'stroke="#000" d="([^"]+)"', picture)[1]  # type: ignore[index]  # same
    modules = [bytearray(b"\xff" * side) for _ in range(side)]
    x, y = 0.0, 0.0
    for word, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(number) for number in numbers.split()]
        if word == "h":
            modules[int(y)][int(x) : int(x + values[0])] = bytes(int(values[0]))
            x += values[0]
        else:
            x, y = (x + values[0], y + values[1]) if word == "m" else (values[0], values[1])
    wide = [bytes(value for value in row for _ in range(_SCALE)) for row in modules]
    return _text([row for row in wide for _ in range(_SCALE)])
