"""What Git LFS leaves in a repository in the place of a large file.

Source: the specification of Git LFS: lines `version`, `oid` and `size`, at most 1,024 bytes.
"""

import re

_LONGEST = 1024
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:[a-z0-9.-]+ [^\n]*\n)*?oid sha256:([0-9a-f]{64})\n"
)


def pointed_at(content: bytes) -> str:
    """The sha256 of the file that a pointer stands for; empty for what is none."""
    found = _POINTER.match(content) if len(content) <= _LONGEST else None
    return found[1].decode() if found else ""
