"""One environment of the service file."""

import re
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

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


def _plain_prefix(store: str) -> str:
    """The store itself. Raises `ValueError` when its prefix has an empty part or one that leads elsewhere."""
    if {"", ".", ".."} & {*store.removeprefix("s3://").split("/")}:
        raise ValueError("must be s3://BUCKET or s3://BUCKET/PREFIX, with no empty part")
    return store


_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ENDPOINT = re.compile(rf"https?://({_LABEL}(\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])(:[0-9]{{1,5}})?")


def _reachable(endpoint: str) -> str:
    """The endpoint itself. Raises `ValueError` for what is no host, or no port, that there can be."""
    try:
        fits = _ENDPOINT.fullmatch(endpoint) and urlsplit(endpoint).port != 0
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("must be http://HOST or https://HOST, with :PORT where it needs one")
    return endpoint


class BackupPlace(Table):
    """Where the environment's backups are: in `store`, `s3://BUCKET/PREFIX`; else beside its state.

    `endpoint` is the address of another server than Amazon's that speaks S3. Credentials come from where
    AWS's own programs find them.
    """

    store: (
        Annotated[
            str,
            Field(pattern=r"^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]+)?$"),
            AfterValidator(_plain_prefix),
        ]
        | None
    ) = None
    endpoint: Annotated[str, AfterValidator(_reachable)] | None = None
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")] | None = None

    @model_validator(mode="after")
    def _of_a_store(self) -> Self:
        if self.store is None and (self.endpoint or self.region):
            raise ValueError("endpoint and region belong to a store")
        return self


class Environment(Table):
    """One place where the service runs; a release there while a `freeze` lasts is a finding.

    `target` is what a release runs as: a process of this machine, or a container of its image.
    With `validated_within_h` a deploy asks for a report of `hotelctl validate` of its commit that is no
    older than so many hours. With `approvals` it asks for sign-offs of that report. Operators on several
    machines meet in the database of `state_url`, which is not the service's own. Without `low_priority` a
    deploy's tests, build, dump, restore and proof take as much of the machine as what serves.
    """

    profile: Literal["ci", "staging", "production"] = "ci"
    target: Literal["process", "docker"] = "process"
    port: Annotated[int, Field(ge=1, le=65_535)] = 8080
    public_url: str | None = None
    env_files: tuple[FilePath, ...] = ()
    watch: Watch = Field(default_factory=Watch)
    freeze: tuple[Freeze, ...] = ()
    backups: BackupPlace = Field(default_factory=BackupPlace)
    approvals: Approvals = Field(default_factory=Approvals)
    validated_within_h: Annotated[float, Field(gt=0, le=8784)] | None = None
    state_url: Annotated[str, AfterValidator(_without_password)] | None = None
    low_priority: bool = True

    def copied(self, port: int) -> Self:
        """The same in a rehearsal's copy: whatever the file says, nobody but the copy is asked.

        Its backups and its lock stay there, too: they are none of the environment's.
        """
        nothing = {"public_url": None, "backups": BackupPlace(), "state_url": None, "target": "process"}
        return self.model_copy(update={"port": port, **nothing})
