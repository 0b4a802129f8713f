"""Where an environment's releases run, as its `target` says."""

import os
from collections.abc import Callable, Mapping

from hotelctl.adapters.docker_containers import DockerContainers
from hotelctl.adapters.docker_engine import is_here
from hotelctl.cli._wiring import layout_of
from hotelctl.config.load import Configuration
from hotelctl.core.containers import Containers
from hotelctl.core.errors import UsageError
from hotelctl.deploy.target import Target
from hotelctl.deploy.targets.docker import DockerTarget
from hotelctl.deploy.targets.either import EitherTarget
from hotelctl.deploy.targets.process import ProcessTarget


def target_of(
    configuration: Configuration,
    *,
    public_url: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Target:
    """The five verbs; `tell` gets what a person should know and need not decide.

    Raises:
        UsageError: the engine that `DOCKER_HOST` names is not this machine's.

    """
    state, spec, wanted = layout_of(configuration).state, configuration.spec, configuration.environment.target
    if wanted == "docker":
        _require_here(configuration, os.environ)
    process = ProcessTarget(state, spec, public_url=public_url, tell=tell)
    return EitherTarget(wanted, process, DockerTarget(state, spec, engine_at(None), tell=tell))


def engine_at(engine: str | None) -> Containers:
    """The containers of that engine, as `DOCKER_HOST` would name it; None for the one that it names now."""
    return DockerContainers({**os.environ, **({"DOCKER_HOST": engine} if engine else {})})


def _require_here(configuration: Configuration, environ: Mapping[str, str]) -> None:
    if not is_here(environ):
        raise UsageError(
            f"environments.{configuration.environment_name}.target is docker, which serves from an engine of "
            f"this machine, but DOCKER_HOST is {environ['DOCKER_HOST']}",
            "run hotelctl on the machine of that engine, or unset DOCKER_HOST",
        )
