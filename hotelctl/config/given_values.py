"""Values of the environment that a caller gives as one JSON object, instead of files and the process."""

import json
import sys
from pathlib import Path
from typing import Any

from hotelctl.core.errors import UsageError

_HINT = 'one JSON object of texts, such as {"NAME": "value"}'


def read_given(source: Path) -> dict[str, str]:
    """The values in the file, or on standard input where it is `-`; no value is ever in an error.

    Numbers and booleans are written as JSON writes them; null is as if the key were not there.

    Raises:
        UsageError: it cannot be read, is no JSON object, or a value is a list or an object.

    """
    name = "standard input" if str(source) == "-" else str(source)
    try:
        data = sys.stdin.buffer.read() if str(source) == "-" else source.read_bytes()
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror}", "check the path given") from error
    return parse_given(data, name)


def parse_given(data: bytes, name: str) -> dict[str, str]:
    """The values in `data`. Raises `UsageError` as `read_given` does, with the line where it is no JSON."""
    try:
        found = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except _Twice as error:
        raise UsageError(f"{name}: {error} stands twice", "give each key once") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: is not UTF-8 (byte {error.start})", _HINT) from error
    except json.JSONDecodeError as error:
        raise UsageError(f"{name}:{error.lineno}: is not JSON: {error.msg}", _HINT) from None
    except RecursionError as error:
        raise UsageError(f"{name}: is nested too deeply", _HINT) from error
    if not isinstance(found, dict):
        raise UsageError(f"{name}: is no JSON object", _HINT)
    for key, value in found.items():
        if isinstance(value, dict | list):
            raise UsageError(f"{name}: {key} is no text", _HINT)
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in found.items()}


class _Twice(Exception):
    """A key stands twice; the reader would keep the last one without a word."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return {key: value for key, value in found.items() if value is not None}
