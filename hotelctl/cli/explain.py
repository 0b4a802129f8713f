"""`hotelctl explain`: the words of the rules."""

from typing import Annotated

import typer

from hotelctl.cli._options import NoColor, PlainForm, ReportDirectory, TextOrJson
from hotelctl.cli._places import REPORTS


def explain(
    rule: Annotated[str | None, typer.Argument(metavar="RULE", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--list", help="All rules, one line each.")] = False,
    form: PlainForm = TextOrJson.CONSOLE,
    report_dir: ReportDirectory = REPORTS,
    no_color: NoColor = False,
) -> None:
    """What a rule looks at, why, how to mend it, and what the newest report has as proof."""
    from hotelctl.checks.rules import rules as every_rule
    from hotelctl.cli._proof import tell_proof
    from hotelctl.cli._selection import rules_asked_for
    from hotelctl.render import rules
    from hotelctl.render.terminal import stdout

    chosen = [one.check().info for one in rules_asked_for(every_rule(), rule, every=every)]
    console = stdout(no_color=no_color)
    rules.FORMATS[form](chosen, console, not every)
    if not every and form is TextOrJson.CONSOLE:
        tell_proof(chosen[0].id, report_dir, console)
