"""Whether a value is of the type and in the range that the contract asks for; answers in words."""

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from hotelctl.facts.key_rule import KeyRule

_BOOLS = frozenset({"true", "false", "1", "0", "yes", "no", "on", "off", "t", "f", "y", "n"})
_DURATION = re.compile(r"^\d+(\.\d+)?(ms|s|m|h|d)?$")
_EMAIL = re.compile(r"^[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+$")


def _int(value: str) -> bool:
    return re.fullmatch(r"[+-]?\d+", value) is not None


def _float(value: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", value) is not None


def _url(value: str) -> bool:
    try:
        return bool(urlsplit(value).scheme) and "://" in value
    except ValueError:
        return "://" in value  # its form is judged by a rule of its own


def _json(value: str) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _list(value: str) -> bool:
    return _json(value) if value.lstrip().startswith("[") else all(p.strip() for p in value.split(","))


_TYPES: Mapping[str, tuple[Callable[[str], bool], str]] = MappingProxyType(
    {
        "str": (lambda _value: True, "text"),
        "int": (_int, "a whole number such as 20"),
        "float": (_float, "a number such as 0.5"),
        "bool": (lambda value: value.lower() in _BOOLS, "true or false"),
        "url": (_url, "a URL such as https://example.org"),
        "email": (lambda value: bool(_EMAIL.match(value)), "an address such as name@example.org"),
        "duration": (lambda value: bool(_DURATION.match(value)), "a duration such as 30s or 15m"),
        "json": (_json, "JSON"),
        "list": (_list, "values with commas between them, or a JSON list"),
        "path": (lambda value: "\0" not in value, "a path"),
    }
)


def type_problem(rule: KeyRule, value: str) -> str | None:
    """What was expected, when the value is not of the rule's type; None when it is."""
    fits, words = _TYPES[rule.type]
    return None if fits(value.strip()) else words


def range_problem(rule: KeyRule, value: str) -> str | None:
    """What is broken: choices, limits, length or pattern; None when nothing is, or the type is wrong."""
    if rule.choices and value not in rule.choices:
        return f"is none of {', '.join(rule.choices)}"
    if rule.min_length is not None and len(value) < rule.min_length:
        return f"has {len(value)} characters, at least {rule.min_length} are asked for"
    if rule.max_length is not None and len(value) > rule.max_length:
        return f"has {len(value)} characters, at most {rule.max_length} are allowed"
    if rule.pattern is not None and not re.search(rule.pattern, value):
        return f"does not match {rule.pattern}"
    if rule.type in ("int", "float") and type_problem(rule, value) is None:
        return _outside(rule, float(value))
    return None


def _outside(rule: KeyRule, number: float) -> str | None:
    if rule.min is not None and number < rule.min:
        return f"is below {rule.min:g}"
    if rule.max is not None and number > rule.max:
        return f"is above {rule.max:g}"
    return None
