"""A plan, for people or as JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.text import Text

from hotelctl.render.colours import NOTED
from hotelctl.render.terminal import tell, text


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
    `pending` are the migrations that would be applied, None when nobody can tell; `proven` is what the
    newest proof of the same change said. `refusals` tell why a deploy would stop at once.
    """

    service: str
    environment: str
    commit: str
    serving: str | None
    revision: str | None
    steps: tuple[PlannedStep, ...]
    hash: str
    sources: Mapping[str, str] = field(default_factory=dict)
    pending: tuple[str, ...] | None = None
    proven: str | None = None
    refusals: tuple[str, ...] = ()


def as_text(plan: Plan, console: Console) -> None:
    """The steps with what each would do, and the hash to hold a deploy to."""
    head = f"{plan.service} to {plan.environment}: commit {plan.commit[:12]}"
    now = f"serving {plan.serving or 'nothing'}, database at {plan.revision or 'no revision'}"
    _line(console, text(head, "bold"))
    _line(console, text(now))
    for step in plan.steps:
        _line(console, Text.assemble(f"{step.n:>3}  ", text(step.title, "bold")))
        for line in step.lines:
            _line(console, text(f"     {line}"))
    for why in plan.refusals:
        _line(console, text(f"as things are it would stop: {why}", f"bold {NOTED}"))
    on = f"hotelctl deploy --plan {plan.hash} does this and nothing else"
    _line(console, text("mend that, then look at the plan again" if plan.refusals else on))


def _line(console: Console, line: Text) -> None:
    """Whole, however narrow the terminal: what is copied from it must work."""
    line.no_wrap = True
    tell(console, line)


def as_json(plan: Plan, console: Console) -> None:
    """One object."""
    console.file.write(json.dumps(asdict(plan), indent=2) + "\n")


FORMATS: Mapping[str, Callable[[Plan, Console], None]] = {"console": as_text, "json": as_json}
