"""Why a command of the service failed, in the one line of its words that says it."""

import re

from hotelctl.core.ports import Completed

_TAIL = 40
_BACKGROUND = "(Background on this error at"
_EXCEPTION = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+: ")


def refusal_of(completed: Completed) -> str:
    """Of a database's refusal that SQLAlchemy tells, the line with the server's words; else the last line."""
    if completed.timed_out:
        return f"killed at its limit after {completed.duration_s:.0f} s"
    lines = completed.tail(_TAIL).splitlines()
    if lines and lines[-1].startswith(_BACKGROUND):
        # Behind SQLAlchemy's words stand the statement, its parameters and a link.
        return next((line for line in reversed(lines) if _EXCEPTION.match(line)), lines[-1])
    return completed.tail(1) or f"ended with {completed.exit_code} and said nothing"
