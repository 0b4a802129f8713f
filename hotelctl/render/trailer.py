"""The last line of a text for people: the digest of all bytes before it, so that a changed byte shows."""

import hashlib
import re

_TRAILER = "<!-- sha256:{} of every byte above this line -->\n"
_LINE = re.compile(rb"^(?P<body>.*?)(?P<trailer><!-- sha256:[^\n]*\n?)?\Z", re.DOTALL)


def with_trailer(body: str) -> str:
    """`body`, which ends in a newline, and its digest."""
    return body + _TRAILER.format(hashlib.sha256(body.encode()).hexdigest())


def intact(data: bytes) -> bool:
    """Whether the last line of `data` names the digest of what stands above it."""
    found = _LINE.match(data)
    if found is None or found["trailer"] is None:
        return False
    return bytes(found["trailer"]) == _TRAILER.format(hashlib.sha256(found["body"]).hexdigest()).encode()
