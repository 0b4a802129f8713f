"""Options that several commands share: one spelling, one meaning, one help text."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

JOBS = 2
"""Checks at a time where nobody asks for another number."""


class Format(StrEnum):
    """What stdout and `--output` can carry."""

    CONSOLE = "console"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"
    GITLAB = "gitlab"
    CTRF = "ctrf"


class TextOrJson(StrEnum):
    """For commands whose answer is no report."""

    CONSOLE = "console"
    JSON = "json"


class SeverityName(StrEnum):
    """The severities as flags spell them, mildest first."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Profile(StrEnum):
    """How strict the rules are."""

    CI = "ci"
    STAGING = "staging"
    PRODUCTION = "production"


Service = Annotated[
    Path | None,
    typer.Option(
        "--service",
        metavar="FILE",
        help="The service file.  [default: hotelctl.toml, [tool.hotelctl] in pyproject.toml, "
        "else the bundled service]",
        show_default=False,
    ),
]
Environment = Annotated[
    str,
    typer.Option("--env", metavar="NAME", help="An environment of the service file; local always exists."),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port", metavar="N", min=1, max=65_535, help="Where the edge listens.  [default: the environment's]"
    ),
]
Wait = Annotated[
    float,
    typer.Option(
        "--wait",
        metavar="SECONDS",
        min=0,
        help="Wait so long for another operation.  [default: not at all]",
        show_default=False,
    ),
]
Form = Annotated[Format, typer.Option("--format", help="What stdout carries.")]
PlainForm = Annotated[TextOrJson, typer.Option("--format", help="What stdout carries.")]
Outputs = Annotated[
    list[str] | None,
    typer.Option("--output", metavar="FMT=PATH", help="Write this format to a file too; repeatable."),
]
Verbose = Annotated[
    bool, typer.Option("--verbose", help="Show every check, its evidence and how long it took.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress; on stdout only what needs attention.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour; NO_COLOR and FORCE_COLOR work too.")]
WithExternal = Annotated[
    bool,
    typer.Option(
        "--with-external",
        help="Also ask what speaks to outside services: it may cost, and leaves traces there.",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Ask nothing.")]
ReportDirectory = Annotated[
    Path, typer.Option("--report-dir", metavar="DIR", help="Where reports are written.")
]
