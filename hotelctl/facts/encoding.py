"""Text in files that say by a mark, or by their first letters, that they are UTF-16."""

import codecs
import re

_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LOOKED_AT = 64
# A mark, or one of two bytes is none.
_MAY_BE = re.compile(rb"(?s:\xff\xfe|\xfe\xff|\0.|.\0)")


def as_text(content: bytes) -> str:
    """As it was written; where nothing says UTF-16, UTF-8 is taken. Half a sign at the end hides no other."""
    return content.decode(_marked(content) or "utf-8", "replace")


def as_utf8(content: bytes) -> bytes:
    """The same text, line by line, for programs that read no UTF-16; anything else as it is."""
    return as_text(content).encode() if is_utf_16(content) else content


def is_utf_16(begin: bytes) -> bool:
    """Whether a file that begins so says that it is; at least its first 64 bytes are asked for."""
    return _marked(begin) is not None


def may_be_utf_16(data: bytes, start: int, end: int) -> bool:
    """False where `is_utf_16` says that of what stands there: quick, for those who ask of very many."""
    return _MAY_BE.match(data, start, end) is not None


def _marked(content: bytes) -> str | None:
    if not _MAY_BE.match(content):
        return None
    if content.startswith(_MARKS):
        return "utf-16"
    begin = content[: min(_LOOKED_AT, len(content) // 2 * 2)]
    even, odd = begin[::2], begin[1::2]
    if odd and all(even) and not any(odd):
        return "utf-16-le"
    return "utf-16-be" if odd and all(odd) and not any(even) else None
