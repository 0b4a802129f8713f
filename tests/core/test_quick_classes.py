"""What the quick classes promise, beside those of the standard library, word for word."""

import copy
import dataclasses
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from hotelctl.core.quick_classes import frozen

_plain = dataclasses.dataclass(frozen=True, slots=True)
Made = tuple[type[Any], type[Any]]


def _quickly(cls: type) -> type:
    cls.__module__ = "hotelctl.made_up"
    return frozen(cls)


def _both(body: Callable[[Callable[[type], type]], type[Any]]) -> Made:
    return body(_plain), body(_quickly)


def _record(made: Callable[[type], type]) -> type[Any]:
    class Record:
        """With all kinds of fields."""

        name: str
        size: int = 3
        parts: dict[str, int] = dataclasses.field(default_factory=dict, compare=False)
        hidden: str = dataclasses.field(default="secret", repr=False)
        made: str = dataclasses.field(default="here", init=False)
        _memory: list[int] = dataclasses.field(default_factory=list, init=False, hash=False)

        def __post_init__(self) -> None:
            if self.size < 0:
                raise ValueError(f"{self.name} is smaller than nothing")

        @property
        def double(self) -> int:
            return 2 * self.size

    return made(Record)


def _one(made: Callable[[type], type]) -> type[Any]:
    class One:
        value: float

    return made(One)


def _none(made: Callable[[type], type]) -> type[Any]:
    class Empty:
        """Nothing."""

    return made(Empty)


def _heir(made: Callable[[type], type]) -> type[Any]:
    class Base:
        name: str

    base = made(Base)

    class Heir(base):  # type: ignore[misc, valid-type]
        size: int = 0

    return made(Heir)


def _told(act: Callable[[], object]) -> str:
    """What comes of it, as text."""
    try:
        return repr(act())
    except Exception as error:  # noqa: BLE001 - whatever it raises is what is compared
        return f"{type(error).__name__}: {error}"


ACTS: tuple[Callable[[type[Any]], object], ...] = (
    lambda cls: cls("a"),
    lambda cls: cls("a", 4, {"b": 1}, "x"),
    lambda cls: cls(name="a", size=-1),
    lambda cls: cls(),
    lambda cls: cls("a", 1, {}, "x", "y"),
    lambda cls: cls("a", colour=1),
    lambda cls: cls("a") == cls("a"),
    lambda cls: cls("a", parts={"b": 1}) == cls("a", parts={"c": 1}),
    lambda cls: cls("a", hidden="x") == cls("a"),
    lambda cls: cls("a") == ("a", 3, "secret"),
    lambda cls: cls("a") != cls("b"),
    lambda cls: hash(cls("a")) == hash(cls("a")) != hash(cls("a", hidden="x")),
    lambda cls: hash(cls("a")) == hash(("a", 3, "secret", "here")),
    lambda cls: cls("a").parts is not cls("a").parts,
    lambda cls: cls("a").double,
    lambda cls: setattr(cls("a"), "name", "b"),
    lambda cls: delattr(cls("a"), "name"),
    lambda cls: dataclasses.replace(cls("a"), size=7),
    lambda cls: dataclasses.replace(cls("a"), made="b"),
    lambda cls: dataclasses.asdict(cls("a", parts={"b": 1})),
    lambda cls: copy.deepcopy(cls("a", parts={"b": 1})),
    lambda cls: copy.copy(cls("a", 5)) == cls("a", 5),
    lambda cls: [(one.name, one.init, one.compare) for one in dataclasses.fields(cls)],
    lambda cls: (cls.__match_args__, cls.__slots__, cls.__name__, cls.__qualname__),
    lambda cls: hasattr(cls("a"), "__dict__"),
)


@pytest.mark.parametrize("act", ACTS, ids=map(str, range(len(ACTS))))
def test_what_comes_of_it_is_the_same(act: Callable[[type[Any]], object]) -> None:
    usual, quick = _both(_record)
    assert _told(lambda: act(quick)) == _told(lambda: act(usual))
    # Methods are written when they are first called; afterwards nothing is different.
    assert _told(lambda: act(quick)) == _told(lambda: act(usual))


@pytest.mark.parametrize(
    ("body", "act"),
    [
        (_one, lambda cls: (cls(1.0), cls(1.0) == cls(1), hash(cls(1.0)) == hash((1.0,)), cls(1.0) == 1.0)),
        (_one, lambda cls: [cls(value) == cls(value) for value in (float("nan"),)]),
        (_none, lambda cls: (cls(), cls() == cls(), hash(cls()) == hash(()), cls.__doc__)),
        (_heir, lambda cls: (cls("a"), cls("a", 1) == cls("a", 1), cls("a", size=2).size)),
        (_heir, lambda cls: setattr(cls("a"), "name", "b")),
    ],
    ids=["one", "nan", "none", "heir", "frozen heir"],
)
def test_so_it_is_for_few_fields_and_for_heirs(
    body: Callable[[Callable[[type], type]], type[Any]], act: Callable[[type[Any]], object]
) -> None:
    usual, quick = _both(body)
    assert _told(lambda: act(quick)) == _told(lambda: act(usual))


def test_one_that_holds_itself_can_be_shown() -> None:
    quick = _both(_record)[1]
    parts: dict[str, Any] = {}
    one = quick("a", parts=parts)
    parts["self"] = one
    assert repr(one).endswith("parts={'self': ...}, made='here', _memory=[])")


def test_no_field_can_be_added() -> None:
    # Where slots are asked for, too, the standard library stumbles over a class of its own here.
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'colour'"):
        _both(_record)[1]("a").colour = "red"


def test_methods_written_by_hand_stay() -> None:
    @_quickly
    class Shown:
        name: str

        def __repr__(self) -> str:
            return "by hand"

    made: Any = Shown
    assert repr(made("a")) == "by hand"


def test_what_is_not_of_this_package_is_left_to_the_standard_library() -> None:
    @frozen
    class Theirs:
        name: str

    assert Theirs.__init__.__code__.co_varnames == ("self", "name")


@pytest.mark.system
def test_the_command_has_its_classes_made_so() -> None:
    text = (
        "import hotelctl.__main__ as start, sys\n"
        "sys.argv = ['hotelctl', 'explain', 'ENV001']\n"
        "try:\n    start.run()\nexcept SystemExit:\n    pass\n"
        "from hotelctl.core.check import CheckInfo, Check\n"
        "from hotelctl.facts.today import Today\n"
        "print(CheckInfo.__init__.__code__.co_argcount, Today.__eq__ is Check.__eq__)\n"
    )
    done = subprocess.run((sys.executable, "-c", text), capture_output=True, text=True, check=True)
    assert done.stdout.endswith("\n8 True\n")
