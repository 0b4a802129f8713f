"""Frozen dataclasses whose methods are written when somebody first asks for them.

`dataclass` writes six methods for each class and has Python compile them. A command reads five hundred such
classes and makes instances of a few of them; that was a third of the time in which its modules are read.

A process begins with `install`; `dataclasses.dataclass` then decorates as before, but for classes of this
package that ask for `frozen` and `slots` alone. What such a class promises is the same, which a test compares
word for word. Whoever never calls `install`, as most tests do not, has what the standard library makes.
"""

import dataclasses
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from typing import Any

_PACKAGE = __name__.partition(".")[0] + "."
_USUAL = {"frozen": True, "slots": True}
# Who writes one of these by hand gets the others from the standard library.
_OWN = frozenset({"__init__", "__repr__", "__eq__", "__hash__", "__getstate__", "__setstate__"})
_plain = dataclasses.dataclass
_made = set[type]()


def install() -> None:
    """From now on classes that are read are made by this module, where it can."""
    dataclasses.dataclass = _quick


def _quick(cls: type | None = None, /, **asked: Any) -> Any:  # noqa: ANN401 - the signature that it stands for
    if asked != _USUAL:
        return _plain(cls, **asked)
    return frozen if cls is None else frozen(cls)


def frozen(cls: type) -> type:
    """As `dataclass(frozen=True, slots=True)` makes it."""
    if not cls.__module__.startswith(_PACKAGE) or _OWN & vars(cls).keys() or not _follows(cls):
        usual: type = _plain(frozen=True, slots=True)(cls)
        return usual
    if cls.__doc__ is None:
        # Else the standard library finds out how it is called, only to write that down.
        cls.__doc__ = cls.__qualname__
    made: Any = _plain(init=False, repr=False, eq=False, slots=True)(cls)
    made.__init__ = _later(made)
    made.__repr__, made.__eq__, made.__hash__ = _repr, _eq, _hash
    made.__setattr__, made.__delattr__ = _assigned, _deleted
    made.__getstate__, made.__setstate__ = _state, _restored
    kind: type = made
    _made.add(kind)
    return kind


def _follows(cls: type) -> bool:
    """Whether all classes of fields that it inherits from were made here."""
    return all("__dataclass_fields__" not in vars(base) or base in _made for base in cls.__mro__[1:])


def _later(cls: Any) -> Callable[..., None]:  # noqa: ANN401 - any class
    def __init__(self: Any, *args: Any, **named: Any) -> None:  # noqa: ANN401, N807 - it stands for one
        cls.__init__ = _initializer(cls)
        cls.__init__(self, *args, **named)

    return __init__


def _initializer(cls: Any) -> Callable[..., None]:  # noqa: ANN401 - any class
    """The method that sets each field, or its default."""
    words: list[str] = []
    lines: list[str] = []
    known: dict[str, Any] = {"_set": object.__setattr__, "_none": object()}
    for one in dataclasses.fields(cls):
        value, name = one.name, one.name
        if one.default is not dataclasses.MISSING:
            known[f"_{name}"] = one.default
            words.append(f"{name}=_{name}")
        elif one.default_factory is not dataclasses.MISSING:
            known[f"_{name}"] = one.default_factory
            words.append(f"{name}=_none")
            value = f"_{name}() if {name} is _none else {name}"
        else:
            words.append(name)
        if not one.init:
            words.pop()
            value = f"_{name}" if one.default is not dataclasses.MISSING else f"_{name}()"
        lines.append(f"  _set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("  self.__post_init__()")
    text = f"def __init__(self, {', '.join(words)}):\n" + ("\n".join(lines) or "  pass")
    exec(text, known)  # noqa: S102 - names of fields of this package, as the standard library does
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


@recursive_repr()
def _repr(self: Any) -> str:  # noqa: ANN401 - any instance
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _eq(self: Any, other: Any) -> Any:  # noqa: ANN401 - any instance, and `NotImplemented`
    if other.__class__ is not self.__class__:
        return NotImplemented
    values = _compared(self.__class__)
    return values(self) == values(other)


def _hash(self: Any) -> int:  # noqa: ANN401 - any instance
    return hash(_hashed(self.__class__)(self))


@cache
def _compared(cls: type) -> Callable[[Any], tuple[Any, ...]]:
    return _values([one.name for one in _fields(cls) if one.compare])


@cache
def _hashed(cls: type) -> Callable[[Any], tuple[Any, ...]]:
    return _values([one.name for one in _fields(cls) if (one.compare if one.hash is None else one.hash)])


def _fields(cls: Any) -> tuple[dataclasses.Field[Any], ...]:  # noqa: ANN401 - any class
    return dataclasses.fields(cls)


def _values(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    # For one name it gives no tuple, and for none it is not made.
    return lambda one: tuple(getattr(one, name) for name in names)


def _assigned(self: Any, name: str, value: object) -> None:  # noqa: ANN401 - any instance
    _refused(self, name, "assign to")
    object.__setattr__(self, name, value)


def _deleted(self: Any, name: str) -> None:  # noqa: ANN401 - any instance
    _refused(self, name, "delete")
    object.__delattr__(self, name)


def _refused(self: Any, name: str, what: str) -> None:  # noqa: ANN401 - any instance
    """Raises `FrozenInstanceError`, but for what a class that inherits has of its own."""
    if "__dataclass_fields__" in vars(type(self)) or name in self.__dataclass_fields__:
        raise dataclasses.FrozenInstanceError(f"cannot {what} field {name!r}")


def _state(self: Any) -> list[Any]:  # noqa: ANN401 - any instance
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _restored(self: Any, state: list[Any]) -> None:  # noqa: ANN401 - any instance
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
