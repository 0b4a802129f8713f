"""Which checks there are, known without reading them: a command reads those alone that it asks."""

import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import hotelctl.checks
from hotelctl.core.check import Check, Stage, section_of

INDEX = Path(__file__).with_name("index.txt")
"""Written by `python -m hotelctl.checks index > hotelctl/checks/index.txt`; a test compares."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The id of a check, when its facts can be had, and the module of that name below this package."""

    id: str
    stage: Stage
    module: str

    @property
    def section(self) -> str:
        """The report section that the id names."""
        return section_of(self.id)

    def check(self) -> Check:
        """The check itself; its module is read now, where nobody did before."""
        name = f"{hotelctl.checks.__name__}.{self.module}"
        found: Check = getattr(importlib.import_module(name), name.rpartition(".")[2])
        return found

    def line(self) -> str:
        """As the index has it."""
        return f"{self.id} {self.stage.value} {self.module}"


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of `walk`."""
    lines = map(str.split, INDEX.read_text("utf-8").splitlines())
    return tuple(Rule(check_id, Stage(stage), module) for check_id, stage, module in lines)
