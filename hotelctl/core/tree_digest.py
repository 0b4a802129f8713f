"""One digest for all that lies below a directory."""

import hashlib
from collections.abc import Iterable


def tree_digest(below: Iterable[tuple[str, str]]) -> str:
    """The hex digest of relative names, each with its kind and content, in their order."""
    total = hashlib.sha256()
    for name, what in below:
        total.update(f"{name}\0{what}\0".encode("utf-8", "surrogateescape"))
    return total.hexdigest()
