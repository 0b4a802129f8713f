"""What the newest report says of a rule, where there is one and it says something."""

from pathlib import Path

from rich.console import Console

from hotelctl.cli._places import project
from hotelctl.cli._shelf import LATEST, Shelf, contents, read
from hotelctl.core.errors import UsageError
from hotelctl.render import proof


def tell_proof(rule: str, report_dir: Path, console: Console) -> None:
    """The verdict on `rule` and its evidence; nothing without a report, or where it was not asked."""
    try:
        directory = Shelf(project() / report_dir).find(LATEST)
        made = read(directory)
    except UsageError:
        return
    check = next((one for one in made.checks() if one.id == rule), None)
    if check is not None:
        proof.as_text(made, check, contents(directory), console)
