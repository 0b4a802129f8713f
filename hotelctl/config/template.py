"""Filling `{name}` in commands and values of the service file."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hotelctl.core.errors import UsageError

_NAME = re.compile(r"\{([a-z_]+)\}")


def names(text: str) -> Iterator[str]:
    """Every name that `text` wants filled."""
    return (hit[1] for hit in _NAME.finditer(text))


def fill(text: str, values: Mapping[str, str], where: str) -> str:
    """`text` with every `{name}` replaced.

    Raises:
        UsageError: a name that has no value; `where` says which setting holds it.

    """

    def value(hit: re.Match[str]) -> str:
        name = hit[1]
        if name not in values:
            known = ", ".join(sorted(values))
            raise UsageError(f"{where}: nothing is known for {{{name}}}", f"use one of: {known}")
        return values[name]

    return _NAME.sub(value, text)


def fill_all(argv: Sequence[str], values: Mapping[str, str], where: str) -> tuple[str, ...]:
    """A command line with every word filled."""
    return tuple(fill(word, values, where) for word in argv)


def fill_tree(value: Any, values: Mapping[str, str], where: str) -> Any:  # noqa: ANN401 - JSON is any shape
    """The same value with every text in it filled. Raises `UsageError` as `fill` does."""
    if isinstance(value, str):
        return fill(value, values, where)
    if isinstance(value, dict):
        return {key: fill_tree(item, values, where) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [fill_tree(item, values, where) for item in value]
    return value
