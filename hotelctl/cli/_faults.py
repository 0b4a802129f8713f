"""A place to die, for tests: `HOTELCTL_FAULT=before@7` or `after@7` kills at the 7th journal record."""

import os
import re
import signal
from collections.abc import Callable, Mapping

from hotelctl.core.errors import UsageError

VARIABLE = "HOTELCTL_FAULT"
_FORM = re.compile(r"(before|after)@([1-9][0-9]*)")


def fault(environ: Mapping[str, str], profile: str) -> Callable[[int, bool], None] | None:
    """What to call around every journal record, None when no fault is asked for.

    Raises:
        UsageError: the variable is malformed, or this is production.

    """
    asked = environ.get(VARIABLE)
    if not asked:
        return None
    form = _FORM.fullmatch(asked)
    if form is None:
        raise UsageError(f"{VARIABLE}={asked}: is not before@N or after@N", f"unset {VARIABLE}")
    if profile == "production":
        raise UsageError(f"{VARIABLE} is refused in production", f"unset {VARIABLE}")
    durable, number = form[1] == "after", int(form[2])

    def around(record: int, written: bool) -> None:
        if (record, written) == (number, durable):
            os.kill(os.getpid(), signal.SIGKILL)

    return around
