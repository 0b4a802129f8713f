"""What a report says of one rule, with the evidence that it stands on, for `explain`."""

from collections.abc import Iterator, Mapping

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from hotelctl.render.document import CheckPart, Document
from hotelctl.render.exhibit import Exhibit, exhibits
from hotelctl.render.terminal import badge, tell, text

_LINES = 40
_RECORDS = 12


def as_text(made: Document, check: CheckPart, files: Mapping[str, bytes], console: Console) -> None:
    """Its verdict, each finding, and the records that show it; `files` are those of the report."""
    for part in _proof(made, check, files, console):
        tell(console, part)


def _proof(
    made: Document, check: CheckPart, files: Mapping[str, bytes], console: Console
) -> Iterator[RenderableType]:
    yield Text()
    yield Text.assemble(
        ("In the newest report", "bold"), f"  {made.id}, commit {made.git.commit[:12] or 'none'}"
    )
    yield Padding(Text.assemble(badge(check.status, console), " ", text(check.reason or "")), (0, 0, 0, 2))
    for finding in check.findings:
        yield Padding(text(finding.message), (0, 0, 0, 2))
        yield from _shown(exhibits(files, finding.evidence))
    own = exhibits(files, check.evidence)
    if own:
        yield Text()
        yield Text("It stands on", "bold")
        yield from _shown(own)
    if len(own) > _RECORDS:
        yield Padding(text(f"and {len(own) - _RECORDS} more: hotelctl report show"), (0, 0, 0, 4))


def _shown(found: Mapping[str, Exhibit]) -> Iterator[RenderableType]:
    for one in list(found.values())[-_RECORDS:]:
        yield Padding(text(f"{one.id} {one.summary}", "dim"), (0, 0, 0, 4))
        lines = one.said.splitlines()
        yield from (Padding(text(line), (0, 0, 0, 6)) for line in lines[:_LINES])
        if len(lines) > _LINES:
            yield Padding(text(f"{len(lines) - _LINES} lines more in {one.file}"), (0, 0, 0, 6))
