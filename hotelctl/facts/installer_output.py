"""What pip says when it gives up, in one line that names the package.

Source: pip's own messages; anything else is given back as its first line that begins with ERROR.
"""

import re

_HASHES = re.compile(r"DO NOT MATCH THE HASHES.*?\n\s+(?P<what>\S+)", re.DOTALL)
_ERROR = re.compile(r"^ERROR: (?P<said>.+)$", re.MULTILINE)


def complaint(said: str) -> str:
    """Why an installation failed; empty when pip gave no reason that is known here."""
    hashes = _HASHES.search(said)
    if hashes is not None:
        return f"{hashes['what'].rstrip('@')} is not what its hash in the requirements promises"
    errors = [hit["said"].strip() for hit in _ERROR.finditer(said)]
    return errors[-1] if errors else ""
