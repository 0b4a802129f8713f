"""A plan, for people or as JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.text import Text

from hotelctl.render.terminal import text


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step and what it would do, one line each."""

    n: int
    name: str
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole plan. `hash` changes with the commit, the configuration, what serves and the schema.

    `sources` says of each configured value, by its dotted key, in which file and line it is written.
    """

    service: str
    environment: str
    commit: str
    serving: str | None
    revision: str | None
    steps: tuple[PlannedStep, ...]
    hash: str
    sources: Mapping[str, str] = field(default_factory=dict)


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
    console.print(
        text(f"plan {plan.hash}: hotelctl deploy --plan {plan.hash} refuses anything else"), soft_wrap=True
    )


def as_json(plan: Plan, console: Console) -> None:
    """One object."""
    console.file.write(json.dumps(asdict(plan), indent=2) + "\n")


FORMATS: Mapping[str, Callable[[Plan, Console], None]] = {"console": as_text, "json": as_json}
