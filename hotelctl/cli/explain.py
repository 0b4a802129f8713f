"""`hotelctl explain`: the words of the rules."""

from typing import Annotated

import typer

from hotelctl.cli._options import NoColor, PlainForm, TextOrJson


def explain(
    rule: Annotated[str | None, typer.Argument(metavar="RULE", show_default=False)] = None,
    every: Annotated[bool, typer.Option("--list", help="All rules, one line each.")] = False,
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """What a rule looks at, why, how to mend it."""
    from hotelctl.checks.catalogue import walk
    from hotelctl.cli._selection import rules_asked_for
    from hotelctl.render import rules
    from hotelctl.render.terminal import stdout

    chosen = rules_asked_for([check.info for check in walk()], rule, every=every)
    rules.FORMATS[form](chosen, stdout(no_color=no_color), not every)
