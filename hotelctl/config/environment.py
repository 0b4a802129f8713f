"""One environment of the service file."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from hotelctl.config.approvals import Approvals
from hotelctl.config.freeze import Freeze
from hotelctl.config.table import FilePath, Table


class Watch(Table):
    """The window after the switch in which a bad release is taken back.

    `max_error_share` is borne at the readiness path and, where the former release answered too little to
    compare with, of all requests. `not_proven` says what becomes of a release that too few asked.
    More lines of level error in its log than `max_error_lines` are a finding that does so, fewer a note;
    without it every number is a note, for a service that has always logged errors must be mended too.
    """

    window_s: Annotated[float, Field(ge=0, le=7200)] = 5
    max_error_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    max_error_lines: Annotated[int, Field(ge=0)] | None = None
    not_proven: Literal["promote", "take back"] = "promote"


def _without_password(url: str) -> str:
    """The URL itself. Raises `ValueError` for a kind of database that keeps no state, or for a password."""
    if not re.match(r"\$\{[A-Z_][A-Z0-9_]*\}$|(postgres(ql)?|sqlite)://", url):
        raise ValueError("must begin with postgresql:// or sqlite:///, or name a variable as ${NAME}")
    if re.match(r"[a-z]+://[^/]*:[^/@]*@|.*[?&]password=", url):
        raise ValueError("holds a password; name a variable that holds the URL, as ${NAME}")
    return url


class Environment(Table):
    """One place where the service runs; a release there while a `freeze` lasts is a finding.

    With `validated_within_h` a deploy asks for a report of `hotelctl validate` of its commit that is no
    older than so many hours. With `approvals` it asks for sign-offs of that report. Operators on several
    machines meet in the database of `state_url`, which is not the service's own.
    """

    profile: Literal["ci", "staging", "production"] = "ci"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8080
    public_url: str | None = None
    env_files: tuple[FilePath, ...] = ()
    watch: Watch = Field(default_factory=Watch)
    freeze: tuple[Freeze, ...] = ()
    approvals: Approvals = Field(default_factory=Approvals)
    validated_within_h: Annotated[float, Field(gt=0, le=8784)] | None = None
    state_url: Annotated[str, AfterValidator(_without_password)] | None = None
