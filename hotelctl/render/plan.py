"""A plan, for people or as JSON."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any, Protocol

from rich.console import Console
from rich.text import Text

from hotelctl.render.terminal import text


class Step(Protocol):
    """What is shown of a step."""

    @property
    def n(self) -> int:
        """Its number from 1."""
        ...

    @property
    def title(self) -> str:
        """What it is for."""
        ...

    @property
    def lines(self) -> Sequence[str]:
        """What it would do."""
        ...


class Plan(Protocol):
    """What is shown of a plan."""

    @property
    def service(self) -> str:
        """Its name."""
        ...

    @property
    def environment(self) -> str:
        """Where."""
        ...

    @property
    def commit(self) -> str:
        """What would be deployed."""
        ...

    @property
    def serving(self) -> str | None:
        """What serves now."""
        ...

    @property
    def revision(self) -> str | None:
        """Where the database is."""
        ...

    @property
    def steps(self) -> Sequence[Step]:
        """In order."""
        ...

    @property
    def hash(self) -> str:
        """What stands for all of it."""
        ...


def as_text(plan: Plan, console: Console) -> None:
    """The steps with what each would do, and the hash to hold a deploy to."""
    head = f"{plan.service} to {plan.environment}: commit {plan.commit[:12]}"
    now = f"serving {plan.serving or 'nothing'}, database at {plan.revision or 'no revision'}"
    console.print(text(head, "bold"), soft_wrap=True)
    console.print(text(now), soft_wrap=True)
    for step in plan.steps:
        console.print(Text.assemble(f"{step.n:>3}  ", text(step.title, "bold")), soft_wrap=True)
        for line in step.lines:
            console.print(text(f"     {line}"), soft_wrap=True)
    console.print(text(f"plan {plan.hash}: hotelctl deploy --plan {plan.hash} refuses anything else"), soft_wrap=True)


def as_json(plan: Plan, console: Console) -> None:
    """One object."""
    data: Any = asdict(plan) if is_dataclass(plan) and not isinstance(plan, type) else {}
    console.file.write(json.dumps(data, indent=2) + "\n")


FORMATS: Mapping[str, Callable[[Plan, Console], None]] = {"console": as_text, "json": as_json}
