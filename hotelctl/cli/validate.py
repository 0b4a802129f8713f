"""`hotelctl validate`: the checks, their report, the exit code."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from hotelctl.cli._options import (
    JOBS,
    Environment,
    Form,
    Format,
    NoColor,
    Outputs,
    Profile,
    Quiet,
    ReportDirectory,
    Service,
    SeverityName,
    Verbose,
)
from hotelctl.cli._places import REPORTS

ProfileChoice = Annotated[
    Profile | None, typer.Option("--profile", help="How strict the rules are.  [default: the environment's]")
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="NAME[,...]", help="Only these sections or rules; repeatable."),
]
Skip = Annotated[
    list[str] | None,
    typer.Option("--skip", metavar="NAME[,...]", help="Not these sections or rules; repeatable."),
]
FailOn = Annotated[SeverityName, typer.Option("--fail-on", help="The mildest severity that blocks.")]
Required = Annotated[
    list[str] | None,
    typer.Option(
        "--required",
        metavar="NAME[,...]",
        help="These must give a verdict too. Always: the critical checks that can be asked before "
        "a deploy, outside the profile ci also those of severity high.",
    ),
]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", min=1, max=32, help="Checks at a time.")]
Timeout = Annotated[
    float | None,
    typer.Option("--timeout", metavar="S", min=1, help="After S seconds no further check is begun."),
]
Offline = Annotated[
    bool, typer.Option("--offline", help="Ask only this machine; checks that need another one are unknown.")
]

NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Ask every program again, also where its inputs are those of last time."),
]

BaselineFile = Annotated[
    Path | None,
    typer.Option(
        "--baseline",
        metavar="FILE",
        help="An earlier report.json: what it found, too, does not count.",
        show_default=False,
    ),
]

Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="REF",
        help="For merge gates: findings in files that did not change since HEAD and REF parted do not count.",
        show_default=False,
    ),
]


Staged = Annotated[
    bool,
    typer.Option(
        "--staged", help="For commit hooks: only what the next commit would bring, by rules of secrets."
    ),
]

FromJson = Annotated[
    Path | None,
    typer.Option(
        "--from-json",
        metavar="FILE|-",
        help="Values of the environment as one JSON object; they win over files and the process.",
        show_default=False,
    ),
]


def validate(  # noqa: PLR0917 - options are given by name
    service: Service = None,
    env: Environment = "local",
    profile: ProfileChoice = None,
    only: Only = None,
    skip: Skip = None,
    fail_on: FailOn = SeverityName.HIGH,
    required: Required = None,
    jobs: Jobs = JOBS,
    timeout: Timeout = None,
    offline: Offline = False,
    no_cache: NoCache = False,
    baseline: BaselineFile = None,
    since: Since = None,
    staged: Staged = False,
    from_json: FromJson = None,
    report_dir: ReportDirectory = REPORTS,
    form: Form = Format.CONSOLE,
    output: Outputs = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Run the checks, print and write the report, gate with the exit code."""
    from hotelctl.adapters.reach import Reach
    from hotelctl.cli._policy import exit_code
    from hotelctl.cli._presentation import presentation
    from hotelctl.cli._validation import Wishes, validated
    from hotelctl.cli._wiring import Asked

    shown = presentation(form, output, verbose=verbose, quiet=quiet, no_color=no_color)
    wishes = Wishes(profile, _names(only), _names(skip), _names(required), fail_on, jobs, timeout)
    wishes = replace(wishes, reach=Reach(offline=offline), cache=not no_cache, baseline=baseline, since=since)
    wishes = replace(wishes, staged=staged)
    kept = validated(Asked(service, env, values=from_json), wishes, shown, report_dir)
    shown.show(kept.made, kept.directory)
    raise typer.Exit(exit_code(kept.made.verdict))


def _names(given: list[str] | None) -> tuple[str, ...]:
    return tuple(given or ())
