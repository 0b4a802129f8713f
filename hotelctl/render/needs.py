"""What `doctor` answers: each thing that hotelctl needs of a machine, for people or as JSON."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from hotelctl.core.errors import ExitCode
from hotelctl.core.report import Status
from hotelctl.render.colours import BAD
from hotelctl.render.terminal import badge, tell, text


@dataclass(frozen=True, slots=True)
class Need:
    """One thing; `used_by` names the commands that cannot do without, `remedy` says how to get it."""

    name: str
    status: Status
    found: str
    used_by: tuple[str, ...]
    remedy: str = ""


def exit_code(needs: Sequence[Need]) -> ExitCode:
    """1 when something is missing that a command cannot do without."""
    return ExitCode.BLOCKED if _missing(needs) else ExitCode.READY


def _missing(needs: Sequence[Need]) -> list[Need]:
    return [need for need in needs if need.status is Status.FAILED]


def as_text(needs: Sequence[Need], console: Console) -> None:
    """A line for each need, its remedy below it, a sum at the end."""
    for part in _lines(needs, console):
        tell(console, part)


def _lines(needs: Sequence[Need], console: Console) -> Iterator[RenderableType]:
    width = max(len(need.name) for need in needs)
    table = _grid(9, width)
    for need in needs:
        table.add_row(badge(need.status, console), text(need.name), text(need.found))
        if need.remedy and need.status is not Status.PASSED:
            table.add_row("", "", Text.assemble(("get it: ", "dim"), text(need.remedy)))
    yield table
    yield Text()
    commands = _grid(width)
    for command in dict.fromkeys(command for need in needs for command in need.used_by):
        commands.add_row(text(command), _state([need for need in needs if command in need.used_by]))
    yield commands


def _state(needed: Sequence[Need]) -> Text:
    names = ", ".join(need.name for need in _missing(needed))
    needs = f"needs {', '.join(need.name for need in needed)}"
    if not names:
        return text(f"can run; {needs}")
    return Text.assemble(text(f"cannot run without {names}", f"bold {BAD}"), text(f"; {needs}"))


def _grid(*fixed: int) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    for width in fixed:
        table.add_column(width=width, no_wrap=True)
    table.add_column(overflow="fold")
    return table


def as_json(needs: Sequence[Need], console: Console) -> None:
    """One object."""
    plain = {"ready": not _missing(needs), "needs": [asdict(need) for need in needs]}
    console.file.write(json.dumps(plain, indent=2) + "\n")


FORMATS: Mapping[str, Callable[[Sequence[Need], Console], None]] = {"console": as_text, "json": as_json}
