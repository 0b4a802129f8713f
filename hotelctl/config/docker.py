"""The table `[docker]` of a service file: the image, what it is built from, and what it is held against."""

from typing import Annotated

from pydantic import Field

from hotelctl.config.docker_edge import DockerEdge
from hotelctl.config.docker_run import DockerRun
from hotelctl.config.table import Argv, Inside, Seconds, Table

Repository = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._/:-]*[a-z0-9]$")]
Argument = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]


class ImageTrial(Table):
    """How containers of the built image are tried, without any network but their own loopback.

    They have the variables of `[run.env]` and `env`, which wins, and nothing of the env files. `prepare` are
    commands that containers of the image run before. `{state}` is where they may write. One becomes healthy
    within `healthy_s` and ends within `grace_s` when it is asked to.
    """

    env: dict[str, str] = Field(default_factory=dict)
    prepare: tuple[Argv, ...] = ()
    healthy_s: Seconds = 30
    grace_s: Seconds = 10


class Docker(Table):
    """The image. Without `files` every Dockerfile of the project is judged; the first one is the service's.

    `context` is the directory that is sent to the engine, of every Dockerfile; without it a compose file
    may say it, and the project's root is taken where none does. `port` is what a container listens on,
    `registries` the only places that images may come from, with or without a path as in `ghcr.io/acme`.
    `probe` says who asks a container for its health where the image has no HEALTHCHECK. `image` is the name
    of the image that was built, which the engine is asked for, `size_limit_bytes` how large it may be,
    `growth_limit` the share by which it may be larger than the image that serves.

    With `build`, and onto the target `docker`, a deploy builds the image of its commit, within
    `build_timeout_s`. It is called `repository`, by default as the service is, and has a tag for its version
    and one for version and commit.
    `args` are build arguments besides those that hotelctl knows: VERSION, COMMIT, CREATED, SOURCE and
    SOURCE_DATE_EPOCH. With `push` it is sent to the registry that `repository` names, within
    `push_timeout_s`. `state` is a directory of the image that its user owns, for what a compose file keeps
    and for what the target `docker` gives to a container.
    `source` is where the code can be found, for the image's label. `run` says how the
    target `docker` runs it, `edge` what takes requests where its engine is on another host.
    """

    files: tuple[Inside, ...] = ()
    context: Inside | None = None
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    registries: tuple[str, ...] = ()
    probe: Annotated[str, Field(min_length=1)] | None = None
    image: Annotated[str, Field(pattern=r"^[^\s/]\S*$")] | None = None
    size_limit_bytes: Annotated[int, Field(gt=0)] | None = None
    growth_limit: Annotated[float, Field(gt=0, le=10)] = 0.25
    trial: ImageTrial | None = None
    build: bool = False
    build_timeout_s: Seconds = 900
    repository: Repository | None = None
    push: bool = False
    state: Annotated[str, Field(pattern=r"^/[\w./-]+$")] = "/state"
    push_timeout_s: Seconds = 900
    args: dict[Argument, str] = Field(default_factory=dict)
    source: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = None
    run: DockerRun = Field(default_factory=DockerRun)
    edge: DockerEdge = Field(default_factory=DockerEdge)
