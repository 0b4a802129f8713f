"""Whether a column keeps all of its values under another type."""

import re

_TYPE = re.compile(
    r"^(?P<name>[a-z ]+?)(?:\((?P<first>\d+)(?:,(?P<second>-?\d+))?\))?(?P<zone> with(?:out)? time zone)?$"
)
_WHOLE = frozenset({"smallint", "integer", "bigint"})
_APPROXIMATE = frozenset({"real", "double precision"})
_MICROSECONDS = 6
_ANY_SCALE = 10_000


def loses(old: str, new: str) -> bool:
    """Whether values may change without an error, as by rounding; what PostgreSQL refuses is no loss.

    Both as `format_type` writes them. Source: PostgreSQL documentation, "Numeric Types", "Date/Time Types".
    """
    before, after = _TYPE.match(old), _TYPE.match(new)
    if before is None or after is None:
        return False
    from_name, to_name = before["name"], after["name"]
    if from_name == "numeric" and to_name == "numeric":
        return _scale(after) < _scale(before)
    if from_name in {"numeric", *_APPROXIMATE} and to_name in _WHOLE:
        return True
    if from_name in {"numeric", "double precision"} and to_name in _APPROXIMATE:
        return from_name != to_name
    if from_name == "timestamp" and to_name == "timestamp":
        return _precision(after) < _precision(before)
    return from_name == "timestamp" and to_name in {"date", "time"}


def _scale(found: re.Match[str]) -> int:
    if found["first"] is None:
        return _ANY_SCALE
    return int(found["second"] or 0)


def _precision(found: re.Match[str]) -> int:
    return _MICROSECONDS if found["first"] is None else int(found["first"])
