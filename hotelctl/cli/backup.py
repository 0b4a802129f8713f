"""`hotelctl backup`: the backups of an environment's database."""

from typing import Annotated

import typer

from hotelctl.cli._group import Commands
from hotelctl.cli._options import Environment, NoColor, PlainForm, Quiet, Service, TextOrJson

app = typer.Typer(
    help="Backups of the environment's database.", no_args_is_help=True, cls=Commands, rich_markup_mode=None
)
Id = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="A backup.  [default: the newest]", show_default=False)
]


@app.callback()
def backup() -> None:
    """Backups of the environment's database."""


@app.command("list")
def list_(
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """The backups that are kept, newest first: age, size, rows and whether each was restored on trial."""
    from hotelctl.cli import _stock
    from hotelctl.cli._answer import answer
    from hotelctl.cli._wiring import Asked

    answer(_stock.listed(Asked(service, env)), form, no_color=no_color)


@app.command()
def create(
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Dump the database and restore the dump on trial, as a deploy does; nothing else changes."""
    from hotelctl.cli import _backups
    from hotelctl.cli._answer import answer
    from hotelctl.cli._backing import Manner
    from hotelctl.cli._wiring import Asked

    made = _backups.create(Asked(service, env), Manner(quiet, no_color))
    answer(made, form, no_color=no_color)


@app.command()
def verify(
    name: Id = None,
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Restore a backup into a scratch database and compare: rows, checksums of tables, schema."""
    from hotelctl.cli import _backups
    from hotelctl.cli._answer import answer
    from hotelctl.cli._backing import Manner
    from hotelctl.cli._wiring import Asked

    proven = _backups.verify(Asked(service, env), Manner(quiet, no_color), name)
    answer(proven, form, no_color=no_color)


@app.command()
def restore(  # noqa: PLR0917 - options are given by name
    name: Annotated[str, typer.Argument(metavar="ID", help="A backup.")],
    swap: Annotated[
        bool, typer.Option("--swap", help="Put it into the place of the database, which is kept.")
    ] = False,
    accept_data_loss: Annotated[
        int | None,
        typer.Option(
            "--accept-data-loss",
            metavar="ROWS",
            min=0,
            help="How many rows written since may be lost: the number that is shown without this.",
        ),
    ] = None,
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Restore a backup into a new database; with --swap it takes the place of the one that is used.

    Before a swap nobody may write any more, what would be lost is counted, and the database is backed up
    as it is. It is kept under a name with the date.
    """
    from functools import partial

    from hotelctl.cli import _restoring
    from hotelctl.cli._answer import answer
    from hotelctl.cli._backing import Manner
    from hotelctl.cli._wiring import Asked

    show = partial(answer, form=form, no_color=no_color)
    wish = _restoring.Wish(name, accept_data_loss, swap)
    show(_restoring.restore(Asked(service, env), Manner(quiet, no_color), wish, show))


@app.command()
def prune(  # noqa: PLR0917 - options are given by name
    keep: Annotated[
        int | None,
        typer.Option("--keep", metavar="N", min=1, help="How many stay.  [default: [retention] backups]"),
    ] = None,
    older_than: Annotated[
        float | None,
        typer.Option("--older-than", metavar="DAYS", min=0, help="Of those that stay, older ones go, too."),
    ] = None,
    forgotten: Annotated[
        bool,
        typer.Option("--forgotten", help="In a shared store: those of deploys that nobody knows go, too."),
    ] = False,
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
    yes: Annotated[bool, typer.Option("--yes", help="Remove them; without it they are only shown.")] = False,
) -> None:
    """Show which backups are too many or too old; with --yes remove them.

    The newest verified one always stays, and so does one that a kept release or an unfinished deploy names.
    """
    from hotelctl.cli import _stock
    from hotelctl.cli._answer import answer
    from hotelctl.cli._wiring import Asked

    limits = _stock.Limits(keep, older_than, forgotten)
    told = _stock.prune(Asked(service, env), limits, remove=yes)
    answer(told, form, no_color=no_color)
