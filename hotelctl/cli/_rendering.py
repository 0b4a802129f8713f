"""`report render`: a stored report in another form, or its own texts for people made anew."""

from collections.abc import Sequence
from pathlib import Path

from hotelctl.cli._options import Format
from hotelctl.cli._presentation import presentation
from hotelctl.cli._shelf import read, tell_again
from hotelctl.render.terminal import stdout, tell, text


def rendered(directory: Path, form: Format | None, output: Sequence[str] | None, *, no_color: bool) -> None:
    """`output` and stdout carry what was asked for; without any, the texts beside report.json are new.

    Raises:
        UsageError: there is no report to read, or an `--output` is not FMT=PATH.

    """
    made = read(directory)
    if form is not None:
        asked = presentation(form, output, verbose=False, quiet=False, no_color=no_color)
        asked.show(made, directory)
        return
    if output:
        presentation(Format.JSON, output, verbose=False, quiet=False, no_color=no_color).write(
            made, directory
        )
        return
    for path in tell_again(directory, made):
        shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        tell(stdout(no_color=no_color), text(str(shown)))
