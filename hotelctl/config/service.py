"""ServiceSpec: all that hotelctl knows of a service, as data from one TOML file.

Source: the format is documented beside every field; `hotelctl/app/service.toml` is a full example.
Templates `{name}` are filled by `config.template`.
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator

from hotelctl.config.backups import Backups
from hotelctl.config.database import Database, Migrations
from hotelctl.config.docker import Docker
from hotelctl.config.environment import Environment
from hotelctl.config.external import External
from hotelctl.config.performance import Performance
from hotelctl.config.table import Argv, FilePath, Inside, Seconds, Table
from hotelctl.core.errors import UsageError

Part = TypeVar("Part")


Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
UrlPath = Annotated[str, Field(pattern=r"^/\S*$")]


class Service(Table):
    """Who it is. `version_file` is a pyproject.toml (which may name another file), package.json or a .py."""

    name: Name
    title: str
    version_file: str = "pyproject.toml"


class Build(Table):
    """How the artifact is made from a clean export, what it must hold, and how large it may become.

    `licences` are the only ones, as SPDX identifiers, that its packages may have; without, all but GPL,
    AGPL and their kind.
    """

    command: Argv
    artifact: str
    requirements: str
    imports: tuple[str, ...] = ()
    package_data: tuple[str, ...] = ()
    size_limit_bytes: Annotated[int, Field(gt=0)] | None = None
    licences: tuple[str, ...] = ()
    timeout_s: Seconds = 300


class Tests(Table):
    """The quick test tier: `command` runs in the export and writes JUnit XML to `{junit}`.

    For a service that is only checked, `results` are patterns of JUnit files that another run left in
    the checkout; a deploy runs the command. `budget_s` is how long the tests may take before that is a
    finding. `coverage` is the Cobertura XML that a run with coverage leaves in the checkout,
    `coverage_by` the command that a person types for it, and `coverage_target` the share of branches
    that it must reach.
    """

    command: tuple[str, ...] = ()
    results: tuple[Inside, ...] = ()
    database_env: str | None = None
    timeout_s: Seconds = 120
    budget_s: Seconds | None = None
    coverage: Inside | None = None
    coverage_by: str | None = None
    coverage_target: Annotated[float, Field(gt=0, le=1)] = 0.85

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.command) is bool(self.results):
            raise ValueError("needs either command or results")
        return self


class Run(Table):
    """How one instance starts, drains and stops.

    `ready_timeout_s` is how long its start is waited for, `ready_budget_s` how long it may take before that
    is a finding. One that holds nearly `memory_limit_bytes`, or soon will, is taken back under watch.
    """

    command: Argv
    prepare: tuple[Argv, ...] = ()
    env: dict[str, str] = Field(default_factory=dict)
    drain_signal: Literal["SIGUSR1", "SIGUSR2", "SIGHUP", "SIGQUIT"] | None = None
    ready_timeout_s: Seconds = 30
    ready_budget_s: Seconds | None = None
    stop_timeout_s: Seconds = 20
    clean_exit: tuple[int, ...] = (0, -15, 143)
    clean_log: str | None = None
    memory_limit_bytes: Annotated[int, Field(gt=0)] | None = None


class Env(Table):
    """The environment contract, its example, and the files that are read when present.

    `sources` are the directories whose code reads the keys; without them it is all but tests.
    """

    contract: FilePath | None = None
    example: FilePath | None = None
    files: tuple[FilePath, ...] = ()
    sources: tuple[str, ...] = ()


class Health(Table):
    """Paths that answer without log-in, and where the running commit stands in the version's JSON."""

    live: str
    ready: str
    version: str
    commit_field: str = "commit"
    database: str | None = None
    ready_passes: Annotated[int, Field(ge=1, le=20)] = 3


RequestLine = Annotated[str, Field(pattern=r"^(GET|POST|PUT|PATCH|DELETE|HEAD) /\S*$")]


class SmokeStep(Table):
    """One request and what must hold; `capture` keeps values of the answer for later steps."""

    request: RequestLine
    json_body: Annotated[dict[str, object] | None, Field(alias="json")] = None
    headers: dict[str, str] = Field(default_factory=dict)
    status: int = 200
    expect: dict[str, object] = Field(default_factory=dict)
    capture: dict[str, str] = Field(default_factory=dict)


class Workflow(Table):
    """Requests in order that together show one thing working."""

    name: str
    step: Annotated[tuple[SmokeStep, ...], Field(min_length=1)]


class SmokeCommand(Table):
    """A program of the release that asks the instance at `{url}` what requests alone cannot tell.

    It prints one JSON object, see `facts.smoke_results`. `serving_only` leaves it out before the switch;
    `serving_run`, which asks more, takes its place after it. `external` says that it speaks to others'
    services, so that it is left out unless that is asked for. `waits` says that it reads a line from
    its standard input before it asks, and ends where there is none: so it can load ahead of time.
    """

    name: str
    run: Argv
    serving_run: Argv | None = None
    timeout_s: Seconds = 60
    serving_only: bool = False
    external: bool = False
    waits: bool = False

    def argv(self, *, serving: bool, external: bool = False) -> Argv | None:
        """What is run of an instance that has the traffic, or has not; None for nothing."""
        if self.external and not external:
            return None
        if serving:
            return self.serving_run or self.run
        return None if self.serving_only else self.run


class Carry(Table):
    """What one release issues must be good at the next: `issue` before the switch, `check` after it.

    `issue` prints one JSON object, which `check` reads on stdin; `check` prints as a `SmokeCommand` does.
    `waits` says that it reads that before it asks anything: it may be started before traffic moves.
    """

    issue: Argv
    check: Argv
    timeout_s: Seconds = 30
    waits: bool = False


class Smoke(Table):
    """`prepare` prints a JSON object of strings for the workflows; `cleanup` reads it, too."""

    prepare: tuple[str, ...] = ()
    cleanup: tuple[str, ...] = ()
    workflow: tuple[Workflow, ...] = ()
    command: tuple[SmokeCommand, ...] = ()
    carry: Carry | None = None


class Chore(Table):
    """What the service does on request, in a process of its own; further words are the caller's.

    It has the variables of a release, and enters the database as its owner unless `role` says otherwise.
    """

    command: Argv
    help: str
    role: Literal["owner", "runtime"] = "owner"


class Advisories(Table):
    """Who is asked for advisories about packages: `osv_url` speaks OSV's protocol, such as a mirror."""

    osv_url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None


class Secrets(Table):
    """Which program searches for secrets: what it may say, and how it is held to it, is the same."""

    scanner: Literal["betterleaks", "kingfisher"] = "betterleaks"


class Sent(Table):
    """A request with its body, as JSON or as a form, and headers of its own; `{name}` is filled in."""

    request: RequestLine
    json_body: Annotated[dict[str, object] | None, Field(alias="json")] = None
    form: dict[str, str] | None = None
    headers: dict[str, str] = Field(default_factory=dict)


class LogIn(Sent):
    """One way in for a person, with `{name}` and `{password}`, and its answers to the right and the wrong.

    `token` is the dotted place of a bearer token in the answer; a cookie is taken where one is set.
    """

    accepted: Annotated[int, Field(ge=200, le=399)] = 200
    refused: Annotated[int, Field(ge=400, le=499)] = 401
    token: str | None = None


class Limit(Sent):
    """A request that one address may make `allowed` times in a while; the next is answered 429."""

    allowed: Annotated[int, Field(ge=1, le=500)]


class Rotation(Table):
    """The steps in which the signing key is exchanged, in order.

    One that refuses is repeated, until `wait_s` seconds have passed since the first of them was done.
    """

    steps: tuple[Argv, ...] = ()
    wait_s: Annotated[float, Field(ge=0, le=120)] = 0


class Sandbox(Table):
    """The throw-away instance that `validate` asks: `env` wins over the release's own variables there.

    `seed` makes two people of two tenants and prints one JSON object of strings: `name` and `password`,
    `other_name` and `other_password`, and whatever else the requests of `[security]` name.
    """

    seed: tuple[str, ...] = ()
    env: dict[str, str] = Field(default_factory=dict)


class Security(Table):
    """What the live security checks ask an instance; a check that lacks its part says so.

    `protected` are requests that only somebody who is logged in may make; whoever is not may be sent to
    `log_in_page`. `cookies` are the names of its session cookies, `readable_cookies` those that scripts are
    meant to read. `other_tenant` are requests for what the `other_name` of the sandbox has. `hidden` are
    further paths that production must not show. `demo_query` finds accounts for trying things out. `volatile`
    are members of an answer that differ each time.
    """

    pages: Annotated[tuple[UrlPath, ...], Field(min_length=1)] = ("/",)
    protected: tuple[RequestLine, ...] = ()
    log_in_page: UrlPath | None = None
    cookies: tuple[str, ...] = ()
    readable_cookies: tuple[str, ...] = ()
    other_tenant: tuple[RequestLine, ...] = ()
    tenant_columns: tuple[str, ...] = ()
    hidden: tuple[UrlPath, ...] = ()
    demo_query: str | None = None
    volatile: tuple[str, ...] = ("request_id",)
    certificate_days: Annotated[int, Field(ge=0, le=365)] = 14
    log_in: tuple[LogIn, ...] = ()
    limit: tuple[Limit, ...] = ()
    rotation: Rotation = Field(default_factory=Rotation)
    sandbox: Sandbox = Field(default_factory=Sandbox)


class Retention(Table):
    """How many good releases, verified backups and measurements stay besides what serves.

    `backup_age_h` is how old, in hours, the newest backup that was restored on trial may become.
    """

    releases: Annotated[int, Field(ge=1, le=50)] = 3
    backups: Annotated[int, Field(ge=1, le=100)] = 5
    backup_age_h: Annotated[float, Field(gt=0, le=8784)] = 168
    measurements: Annotated[int, Field(ge=2, le=1000)] = 20


class ServiceSpec(Table):
    """One service file. `environments.local` exists without being written.

    A service that is only checked needs no `build`, `run` and `health`; whoever deploys it asks
    `config.deployable` first.
    """

    schema_: Annotated[Literal["hotelctl.service/1"], Field(alias="schema")]
    service: Service
    build_: Annotated[Build | None, Field(alias="build")] = None
    run_: Annotated[Run | None, Field(alias="run")] = None
    health_: Annotated[Health | None, Field(alias="health")] = None
    tests: Tests | None = None
    database: Database | None = None
    migrations: Migrations | None = None
    env: Env = Field(default_factory=Env)
    smoke: Smoke = Field(default_factory=Smoke)
    docker: Docker = Field(default_factory=Docker)
    advisories: Advisories = Field(default_factory=Advisories)
    secrets: Secrets = Field(default_factory=Secrets)
    security: Security = Field(default_factory=Security)
    external: dict[Name, External] = Field(default_factory=dict)
    performance: dict[Name, Performance] = Field(default_factory=dict)
    chores: dict[Annotated[str, Field(pattern=r"^[a-z][a-z-]{0,40}$")], Chore] = Field(default_factory=dict)
    retention: Retention = Field(default_factory=Retention)
    backups: Backups = Field(default_factory=Backups)
    environments: dict[str, Environment] = Field(default_factory=dict)

    @property
    def build(self) -> Build:
        """How it is built. Raises `UsageError` where the file does not say."""
        return _said(self.build_, "build")

    @property
    def run(self) -> Run:
        """How it starts and stops. Raises `UsageError` where the file does not say."""
        return _said(self.run_, "run")

    @property
    def health(self) -> Health:
        """What it answers. Raises `UsageError` where the file does not say."""
        return _said(self.health_, "health")

    @property
    def variables(self) -> Mapping[str, str]:
        """What `[run.env]` sets, templates not filled; nothing without `[run]`."""
        return self.run_.env if self.run_ else {}


def _said(part: Part | None, name: str) -> Part:
    if part is None:
        hint = "hotelctl init --dry-run shows what belongs there"
        raise UsageError(f"the service file has no [{name}]", hint)
    return part
