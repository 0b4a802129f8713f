"""What a program's answer is worth: it counts only where it ended as it promises and its words are whole."""

import json
from collections.abc import Collection
from typing import Any

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed

_WIDEST = 160


def ended(program: str, done: Completed, ends: Collection[int], *, quoted: bool = True) -> int:
    """The code that it ended with, one of `ends`; its last words are told unless they may quote a secret.

    Raises:
        Unavailable: it was killed at its limit, ended otherwise, or said more than is read.

    """
    if done.timed_out:
        raise Unavailable(f"{program} was killed at its limit")
    if done.exit_code is None or done.exit_code not in ends:
        words = last_words(done) if quoted else ""
        raise Unavailable(f"{program} ended with {done.exit_code}{words}")
    if done.truncated:
        raise Unavailable(f"{program} said more than is read")
    return done.exit_code


def json_of(program: str, text: str) -> Any:  # noqa: ANN401 - JSON is any shape
    """The JSON that it promises. Raises `Unavailable`: nothing, or something else."""
    if not text.strip():
        raise Unavailable(f"{program} said nothing")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unavailable(f"{program}'s answer is not the JSON that it promises") from error


def last_words(done: Completed) -> str:
    """`: ` and the last line that it said; empty for none."""
    said = done.tail(1).strip()
    return f": {said[:_WIDEST]}" if said else ""
