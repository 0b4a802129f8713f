"""What operations are called: by their time, so that names sort, and by the commit."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

_NAME = re.compile(r"(\d{8}T\d{9})Z-[0-9a-f]{7,12}")


def operation_id(now: datetime, commit: str) -> str:
    """A name that sorts by time and says the commit."""
    return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z-{commit[:12]}"


def is_operation(name: str) -> bool:
    """Whether `operation_id` could have made it: what else lies beside operations is none of ours."""
    return _moment(name) is not None


def later_than(names: Iterable[str], now: datetime, commit: str) -> str:
    """The name for `now`, or for the millisecond after the newest of `names` when the clock went back."""
    newest = max((moment for name in names if (moment := _moment(name))), default=None)
    # A name holds no less than a millisecond.
    now = now.replace(microsecond=now.microsecond // 1000 * 1000)
    if newest is not None and now <= newest:
        now = newest + timedelta(milliseconds=1)
    return operation_id(now, commit)


def _moment(name: str) -> datetime | None:
    """When it was given, aware UTC; None for a name of something else."""
    found = _NAME.fullmatch(name)
    try:
        stamp = f"{found[1]}000" if found else ""
        return datetime.strptime(stamp, "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        return None
