"""The answer of a command that is no report: on stdout the rows, on stderr what is to be known of them."""

from hotelctl.cli._options import TextOrJson
from hotelctl.render import facts
from hotelctl.render.terminal import stderr, stdout, tell, text


def answer(rows: facts.Rows, form: TextOrJson, *, no_color: bool) -> None:
    """Both are printed."""
    for warning in rows.warnings:
        tell(stderr(no_color=no_color), text(f"hotelctl: {warning}"))
    facts.FORMATS[form](rows, stdout(no_color=no_color))
