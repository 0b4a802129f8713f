"""The list of commands and the way in.

Every command is one module here whose imports are light; what it works with it imports when it
runs, so that `--help` is as quick as Typer itself.
"""

import sys
from typing import Annotated, NoReturn

import typer

from hotelctl.cli import (
    abort,
    backup,
    bench,
    deploy,
    docker,
    doctor,
    env,
    explain,
    history,
    init,
    lock,
    logs,
    plan,
    rehearse,
    report,
    resolve,
    resume,
    rollback,
    service,
    status,
    stop,
    validate,
    verify,
    watch,
)
from hotelctl.cli._gate import guarded
from hotelctl.cli._group import Commands

app = typer.Typer(
    name="hotelctl",
    help="Checks a service, puts it into production and takes it back, with evidence for each line.",
    no_args_is_help=True,
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
)


def _version(asked: bool) -> None:
    if asked:
        from hotelctl.cli._version import version_line

        typer.echo(version_line())
        raise typer.Exit


@app.callback()
def hotelctl(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Checks a service, puts it into production and takes it back, with evidence for each line."""


app.command("init")(init.init)
app.command("validate")(validate.validate)
app.command("deploy")(deploy.deploy)
app.command("plan")(plan.plan)
app.command("rollback")(rollback.rollback)
app.command("resume")(resume.resume)
app.command("abort")(abort.abort)
app.command("resolve")(resolve.resolve)
app.command("status")(status.status)
app.command("stop")(stop.stop)
app.command("history")(history.history)
app.command("logs")(logs.logs)
app.add_typer(lock.app, name="lock")
app.add_typer(backup.app, name="backup")
app.command("verify")(verify.verify)
app.command("watch")(watch.watch)
app.command("rehearse")(rehearse.rehearse)
app.command("bench")(bench.bench)
app.command("service", context_settings=service.THE_REST_IS_THE_CHORES)(service.service)
app.command("doctor")(doctor.doctor)
app.command("explain")(explain.explain)
app.add_typer(env.app, name="env")
app.add_typer(docker.app, name="docker")
app.add_typer(report.app, name="report")


def run() -> NoReturn:
    """Ends the process with the exit code of the command that its arguments name."""
    sys.exit(guarded(typer.main.get_command(app), sys.argv[1:]))
