"""What Flyway notes of a migration's file, and whether it is the file of now.

Source: its public sources (`SqlMigrationResolver`): CRC-32, as a signed number, over the lines of the text as
UTF-8 without their ends. A mark of byte order counts for some versions. In files that are run again whenever
they change, placeholders are filled in first.
"""

import re
import zlib

_LINE_ENDS = re.compile(r"[\r\n]")
_MARK, _PLACEHOLDER = "\ufeff", "${"
_SIGN_BIT, _RANGE = 2**31, 2**32


def is_as_noted(text: bytes, noted: int | None, *, again: bool) -> bool | None:
    """Whether the file is the one of which that was noted; None where nobody can tell.

    `again` says that it is run again whenever it changes.
    """
    try:
        words = text.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if noted is None or (again and _PLACEHOLDER in words):
        return None
    return noted in {_checksum(words), _checksum(words.removeprefix(_MARK))}


def _checksum(words: str) -> int:
    found = zlib.crc32(_LINE_ENDS.sub("", words).encode())
    return found - _RANGE if found >= _SIGN_BIT else found
