"""The draft for a project without a service file, kept until something is touched that it follows from."""

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from hotelctl.adapters.kept_ground import identity
from hotelctl.adapters.touched import stamp
from hotelctl.core.errors import HotelctlError
from hotelctl.core.kept import ITSELF
from hotelctl.core.ports import Files
from hotelctl.core.redact import by_shape


def ground(project: Path, names: Iterable[str]) -> str:
    """Another text for other names, when one of these files was touched, and for other code.

    Empty where that cannot be told: something was changed just now.
    """
    touched = stamp(project, names)
    return touched and f"{touched} {identity(ITSELF, os.environ)}"


def once(place: Path, ground: str, draft: Callable[[], str], files: Files) -> str:
    """What `draft` gives, or what it gave on the same `ground`; kept as `place` if it holds no secret."""
    if not ground:
        return draft()
    with suppress(OSError, ValueError):
        data = place.read_bytes()
        text = data.partition(b"\n")[2].decode()
        if data == _sealed(ground, text):
            return text
    text = draft()
    if by_shape(text) == text:
        # The draft stands, whether it can be kept or not.
        with suppress(HotelctlError, OSError):
            files.write_durable(place, _sealed(ground, text), 0o600)
    return text


def _sealed(ground: str, text: str) -> bytes:
    digest = sha256(f"{ground}\n{text}".encode()).hexdigest()
    return f"{digest}\n{text}".encode()
