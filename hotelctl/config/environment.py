"""One environment of the service file."""

from typing import Annotated, Literal

from pydantic import Field

from hotelctl.config.approvals import Approvals
from hotelctl.config.freeze import Freeze
from hotelctl.config.table import FilePath, Table


class Watch(Table):
    """The window after the switch in which a bad release is taken back.

    More lines of level error in its log than `max_error_lines` are a finding that does so, fewer a note;
    without it every number is a note, for a service that has always logged errors must be mended too.
    """

    window_s: Annotated[float, Field(ge=0, le=7200)] = 5
    max_error_share: Annotated[float, Field(ge=0, le=1)] = 0.05
    max_error_lines: Annotated[int, Field(ge=0)] | None = None


class Environment(Table):
    """One place where the service runs; a release there while a `freeze` lasts is a finding.

    With `validated_within_h` a deploy asks for a report of `hotelctl validate` of its commit that is no
    older than so many hours. With `approvals` it asks for sign-offs of that report.
    """

    profile: Literal["ci", "staging", "production"] = "ci"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8080
    public_url: str | None = None
    env_files: tuple[FilePath, ...] = ()
    watch: Watch = Field(default_factory=Watch)
    freeze: tuple[Freeze, ...] = ()
    approvals: Approvals = Field(default_factory=Approvals)
    validated_within_h: Annotated[float, Field(gt=0, le=8784)] | None = None
