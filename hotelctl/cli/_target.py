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
from hotelctl.deploy.targets import far_record
from hotelctl.deploy.targets.docker import DockerTarget
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.either import EitherTarget
from hotelctl.deploy.targets.far import far_target
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.process import ProcessTarget


def target_of(
    configuration: Configuration,
    *,
    public_url: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Target:
    """The five verbs; `tell` gets what a person should know and need not decide.

    Raises:
        UsageError: the environment serves from another machine or engine than is asked for now.

    """
    state, spec, wanted = layout_of(configuration).state, configuration.spec, configuration.environment.target
    places = Places(state.resolve())
    elsewhere = wanted == "docker" and not is_here(os.environ)
    if elsewhere:
        require_closed(os.environ)
    _require_same(places, os.environ["DOCKER_HOST"] if elsewhere else None)
    if elsewhere:
        return far_target(state, spec, engine_at(None), tell)
    process = ProcessTarget(state, spec, public_url=public_url, tell=tell)
    return EitherTarget(wanted, process, DockerTarget(state, spec, engine_at(None), tell=tell))


def edge_url(configuration: Configuration) -> str:
    """Where this machine reaches the environment's edge. Raises `UsageError` as `target_of`."""
    return target_of(configuration).entrance(configuration.environment.port)


def engine_at(engine: str | None) -> Containers:
    """The containers of that engine, as `DOCKER_HOST` would name it; None for the one that it names now.

    Raises `UsageError` where it would be asked by TCP in the clear.
    """
    environ = {**os.environ, **({"DOCKER_HOST": engine} if engine else {})}
    if not is_here(environ):
        require_closed(environ)
    return DockerContainers(environ)


def require_closed(environ: Mapping[str, str]) -> None:
    """Return for an engine that not everybody may ask who reaches its port."""
    host = environ["DOCKER_HOST"]
    if not host.startswith("ssh://") and not environ.get("DOCKER_TLS_VERIFY"):
        raise UsageError(
            f"DOCKER_HOST is {host} without DOCKER_TLS_VERIFY: whoever reaches that port is root there",
            "DOCKER_TLS_VERIFY=1 with DOCKER_CERT_PATH, or DOCKER_HOST=ssh://user@host",
        )


def _require_same(places: Places, engine: str | None) -> None:
    """Return where the environment serves from that engine elsewhere, for None from here, or from nowhere."""
    known = far_record.load(places)
    if known is not None and known.engine != engine:
        raise UsageError(
            f"the environment serves from the engine {known.engine}, which is not the one asked for",
            f'DOCKER_HOST={known.engine}, and target = "docker"',
        )
    if known is None and engine is not None and Edge(places).target():
        raise UsageError(
            f"the environment serves from this machine, and DOCKER_HOST is {engine}",
            "unset DOCKER_HOST, or give that engine an environment of its own",
        )
