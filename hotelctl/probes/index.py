"""Which probes there are, found by walking this package; nothing is registered by hand.

Commands go by the index of what the walk finds: they read those probes alone whose facts somebody asks for.
"""

import inspect
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_type_hints

import hotelctl.probes
from hotelctl.core.by_name import full_name
from hotelctl.core.judging import Probe
from hotelctl.probes.context import Context

INDEX = Path(__file__).with_name("index.txt")
"""Written by `python -m hotelctl.probes > hotelctl/probes/index.txt`; a test compares."""
STAND_INS = f"{hotelctl.probes.__name__}.stand_ins."
"""Each module below it holds what answers in the stead of other probes in one kind of run."""


def walk() -> Iterator[Probe]:
    """Every public function of a module here that takes the context first and returns a fact, in order."""
    for module in pkgutil.walk_packages(hotelctl.probes.__path__, f"{hotelctl.probes.__name__}."):
        if not module.name.endswith("__main__"):
            yield from _probes(import_module(module.name))


def _probes(module: ModuleType) -> Iterator[Probe]:
    for name, function in sorted(vars(module).items()):
        own = inspect.isfunction(function) and function.__module__ == module.__name__
        if own and not name.startswith("_") and _first(function) is Context and _is_fact(_returned(function)):
            yield function


def _first(function: Probe) -> Any:  # noqa: ANN401 - an annotation is any object
    return next(iter(get_type_hints(function).values()), None)


def _returned(function: Probe) -> Any:  # noqa: ANN401 - same
    return get_type_hints(function).get("return")


def _is_fact(returned: object) -> bool:
    """Whether it is a class of hotelctl's own: a text has no name that a check could ask for it by."""
    return inspect.isclass(returned) and returned.__module__.startswith("hotelctl.")


def by_fact(probes: Iterable[Probe]) -> Mapping[type, Probe]:
    """The probes by what they return. Raises `ValueError` when two return the same fact."""
    found: dict[type, Probe] = {}
    for probe in probes:
        kind = _returned(probe)
        if kind in found:
            raise ValueError(
                f"{probe.__qualname__} and {found[kind].__qualname__} both return {kind.__name__}"
            )
        found[kind] = probe
    return found


def index() -> str:
    """The index as it has to be: the full names of a fact and of its probe on each line."""
    sets: dict[str, list[Probe]] = {}
    for probe in walk():
        sets.setdefault(probe.__module__ if probe.__module__.startswith(STAND_INS) else "", []).append(probe)
    found = (pair for probes in sets.values() for pair in by_fact(probes).items())
    return "".join(f"{full_name(kind)} {full_name(probe)}\n" for kind, probe in found)


def names(module: str = "") -> Mapping[str, str]:
    """The full names of probes by those of their facts: of that module of stand-ins, else of all others."""
    pairs = (line.split() for line in INDEX.read_text("utf-8").splitlines())
    return {fact: probe for fact, probe in pairs if _module_of_stand_ins(probe) == module}


def _module_of_stand_ins(probe: str) -> str:
    return probe.removeprefix(STAND_INS).rpartition(".")[0] if probe.startswith(STAND_INS) else ""
