"""What Git LFS leaves in a repository in the place of a large file.

Source: the specification of Git LFS: lines `version`, `oid` and `size`, at most 1,024 bytes.
"""

import re

NOT_FETCHED = "is kept by Git LFS and not here: git lfs fetch --all"
NOT_REACHED = (
    "is kept by Git LFS and not here, and no branch and no tag leads to its pointer: "
    "git reflog expire --expire=now --all, then git gc --prune=now"
)
_LONGEST = 1024
_BEGIN = b"version http"
# The second and the third are what it was called before it was released: Git LFS still reads them.
_POINTER = re.compile(
    rb"version (?:https://(?:git-lfs|hawser)\.github\.com/spec/v1|http://git-media\.io/v/2)\r?\n"
    rb"(?:[a-z0-9.-]+ [^\n]*\n)*?oid sha256:([0-9a-f]{64})\r?\n"
)


def pointed_at(content: bytes) -> str:
    """The sha256 of the file that a pointer stands for; empty for what is none."""
    found = _POINTER.match(content) if len(content) <= _LONGEST else None
    return found[1].decode() if found else ""


def may_point(data: bytes, start: int, end: int) -> bool:
    """False where `pointed_at` says that what stands there is none: quick, for those who ask of very many."""
    return data.startswith(_BEGIN, start, end)
