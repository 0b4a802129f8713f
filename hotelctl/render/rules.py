"""The words of rules, for `explain`: one in full or all in a list, for people or as JSON."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hotelctl.core.check import SECTIONS, CheckInfo
from hotelctl.render.terminal import tell, text

Writer = Callable[[Sequence[CheckInfo], Console, bool], None]


def _plain(info: CheckInfo) -> dict[str, Any]:
    return {
        "id": info.id,
        "title": info.title,
        "section": info.section,
        "severity": info.severity.word,
        "stage": info.stage.value,
        "rationale": info.rationale,
        "remediation": info.remediation,
        "references": list(info.references),
    }


def as_json(rules: Sequence[CheckInfo], console: Console, one: bool) -> None:  # noqa: FBT001 - a writer's signature
    """One object for one rule, an array for the list."""
    plain = [_plain(info) for info in rules]
    shown = plain[0] if one else plain
    console.file.write(json.dumps(shown, indent=2, ensure_ascii=False) + "\n")


def as_text(rules: Sequence[CheckInfo], console: Console, one: bool) -> None:  # noqa: FBT001 - a writer's signature
    """A page for one rule, a table by section for the list."""
    for part in _page(rules[0]) if one else _list(rules):
        tell(console, part)


def _page(info: CheckInfo) -> Iterator[RenderableType]:
    yield Text.assemble((info.id, "bold"), "  ", text(info.title, "bold"))
    yield text(f"{SECTIONS[info.section]}, {info.severity.word}, asked at stage {info.stage}", "dim")
    for title, words in (("Why", info.rationale), ("Mend it", info.remediation)):
        yield Text()
        yield Text(title, "bold")
        yield Padding(text(words), (0, 0, 0, 2))
    if info.references:
        yield Text()
        yield Text("See", "bold")
        yield from (Padding(text(line), (0, 0, 0, 2)) for line in info.references)


def _list(rules: Sequence[CheckInfo]) -> Iterator[RenderableType]:
    for name, title in SECTIONS.items():
        chosen = [info for info in rules if info.section == name]
        if chosen:
            yield Text.assemble((title, "bold"), (f"  ({name})", "dim"))
            yield _table(chosen)
            yield Text()


def _table(rules: Sequence[CheckInfo]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(min_width=8)
    table.add_column(min_width=8)
    table.add_column(overflow="fold")
    for info in rules:
        table.add_row(Text(f"  {info.id}"), Text(info.severity.word), text(info.title))
    return table


FORMATS: Mapping[str, Writer] = {"console": as_text, "json": as_json}
