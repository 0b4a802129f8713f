"""Modules that are read when they are first asked for something, since most commands ask nothing of them.

    if TYPE_CHECKING:
        import yaml
    else:
        yaml = lazily("yaml")

What a module is needed for while it is read itself, such as a class to inherit from, cannot wait.
"""

import threading
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar, cast

Thing = TypeVar("Thing")


class _Later(ModuleType):
    """Stands for a module until it is asked; several threads may ask."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a module holds anything
        found = getattr(import_module(self.__name__), name)
        setattr(self, name, found)
        return found


def lazily(name: str) -> ModuleType:
    """The module `name`, not read yet. What is wrong with it shows where it is first asked."""
    return _Later(name)


class _MadeLater:
    """Stands for a thing until it is asked; several threads may ask."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._making = threading.Lock()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a thing holds anything
        with self._making:
            if "_made" not in vars(self):
                self._made = self._make()
        return getattr(self._made, name)


def made_later(make: Callable[[], Thing]) -> Thing:
    """What `make` gives, made when it is first asked for something: most commands ask nothing of it."""
    return cast("Thing", _MadeLater(make))
