"""What is known of classes and functions by their full names, so that none is read for it."""

import importlib
from collections.abc import Iterator, Mapping
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


def full_name(thing: Any) -> str:  # noqa: ANN401 - a class or a function
    """The name of a class or function with that of its module before it."""
    return f"{thing.__module__}.{thing.__qualname__}"


def read(name: str) -> Any:  # noqa: ANN401 - whatever has that name
    """What has that full name; its module is read now, where nobody did before."""
    module, _, own = name.rpartition(".")
    return getattr(importlib.import_module(module), own)


class ByName(Mapping[Any, Value], Generic[Value]):
    """A mapping by classes or functions. Only who goes through all of it has them read."""

    def __init__(self, known: Mapping[str, Value]) -> None:
        """Take what is known by full names."""
        self._known = known

    def __getitem__(self, thing: Any) -> Value:  # noqa: ANN401 - a class or a function
        """What is known of it. Raises `KeyError`."""
        if thing not in self:
            raise KeyError(thing)
        return self._known[full_name(thing)]

    def __contains__(self, thing: object) -> bool:
        """Whether anything is known of it."""
        return hasattr(thing, "__qualname__") and full_name(thing) in self._known

    def __iter__(self) -> Iterator[Any]:
        """All of them, read."""
        return map(read, self._known)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._known)
