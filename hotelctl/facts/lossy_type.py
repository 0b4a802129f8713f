"""Whether a column keeps all of its values under another type."""

import re

_TYPE = re.compile(
    r"^(?P<name>[a-z ]+?)(?:\((?P<first>\d+)(?:,(?P<second>-?\d+))?\))?(?P<zone> with(?:out)? time zone)?$"
)
_WHOLE = frozenset({"smallint", "integer", "bigint"})
_TEXTS = frozenset({"character varying", "character"})
_APPROXIMATE = frozenset({"real", "double precision"})
_MICROSECONDS = 6
_ANY_SCALE = 10_000


def loses(old: str, new: str, *, cast: bool = False) -> bool:
    """Whether values may change without an error, as by rounding; what PostgreSQL refuses is no loss.

    A `cast` that is written out cuts text where an assignment refuses it.

    Both as `format_type` writes them. Source: PostgreSQL documentation, "Numeric Types", "Date/Time Types".
    """
    before, after = _TYPE.match(old), _TYPE.match(new)
    if before is None or after is None:
        return False
    from_name, to_name = before["name"], after["name"]
    if to_name in _TEXTS and from_name in {*_TEXTS, "text"}:
        return cast and _length(after) < _length(before)
    if from_name in {"numeric", *_APPROXIMATE}:
        return _rounds(before, after)
    if from_name == "timestamp" and to_name == "timestamp":
        return _precision(after) < _precision(before)
    return from_name == "timestamp" and to_name in {"date", "time"}


def _rounds(before: re.Match[str], after: re.Match[str]) -> bool:
    """Whether a number loses digits behind the point, or of its precision."""
    from_name, to_name = before["name"], after["name"]
    if from_name == "numeric" and to_name == "numeric":
        return _scale(after) < _scale(before)
    narrower = from_name in {"numeric", "double precision"} and to_name in _APPROXIMATE
    return to_name in _WHOLE or (narrower and from_name != to_name)


def _length(found: re.Match[str]) -> int:
    return int(found["first"]) if found["first"] is not None else _ANY_SCALE


def _scale(found: re.Match[str]) -> int:
    if found["first"] is None:
        return _ANY_SCALE
    return int(found["second"] or 0)


def _precision(found: re.Match[str]) -> int:
    return _MICROSECONDS if found["first"] is None else int(found["first"])
