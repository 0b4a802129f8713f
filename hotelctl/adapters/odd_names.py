r"""Names that are no UTF-8: git's lists are told with `\xe9` for a byte that is no text."""

import os
import re

ALIKE = "is called as another file whose name is no text"
_BYTE = re.compile(rb"\\x([89a-f][0-9a-f])")


def place_of(path: str) -> str | None:
    """The path of the file that is told so; None where there are two, one of which is really spelled so."""
    if "\\x" not in path:
        return path
    other = os.fsdecode(_BYTE.sub(lambda hit: bytes([int(hit[1], 16)]), os.fsencode(path)))
    if other == path or not os.path.lexists(other):
        return path
    return None if os.path.lexists(path) else other
