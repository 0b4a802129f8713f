"""What hotelctl wrote for itself as JSON, read again: one way to say that it was spoilt since."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from hotelctl.core.errors import UsageError
from hotelctl.facts.spoilt_file import SpoiltFile

_Made = TypeVar("_Made")
# What a maker raises for something else than was written.
_UNKNOWN = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


def read_again(path: Path | str, data: bytes, make: Callable[[Any], _Made], remedy: str) -> _Made:
    """What `make` makes of the JSON in `data`, the bytes of `path`.

    Raises:
        UsageError: it is no JSON, or `make` refuses it. The file, why and `remedy` are said, and nothing
            of what stands in it, which may be a secret.

    """
    why = "it is no JSON" if data.strip() else "it is empty"
    try:
        raw = json.loads(data)
        why = "it holds something else than hotelctl writes there"
        return make(raw)
    except _UNKNOWN as error:
        raise UsageError(str(SpoiltFile(str(path), why)), remedy) from error


def fence_number(raw: object) -> int:
    """A fence: a whole number that only grows, 0 before the first. Raises `ValueError`."""
    if type(raw) is not int or raw < 0:
        raise ValueError(raw)
    return raw


def variables(raw: object) -> dict[str, str]:
    """The variables that a release is started with. Raises `ValueError`."""
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        raise ValueError
    return raw
