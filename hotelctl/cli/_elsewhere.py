"""The engine of another host that an environment serves from, and the address that it has there."""

import os
from ipaddress import IPv6Address

from hotelctl.adapters.docker_engine import is_here
from hotelctl.config.load import Configuration

_LOOPBACK = "127.0.0.1"


def engine_elsewhere(configuration: Configuration) -> str | None:
    """The engine as `DOCKER_HOST` names it; None where releases run on this machine."""
    if configuration.environment.target != "docker" or is_here(os.environ):
        return None
    return os.environ["DOCKER_HOST"]


def edge_address(configuration: Configuration, port: int) -> str:
    """`http://HOST:PORT` of the edge that listens on `port`: on the engine's host, where that is another."""
    address = configuration.spec.docker.edge.address if engine_elsewhere(configuration) else None
    host = f"[{address}]" if isinstance(address, IPv6Address) else str(address or _LOOPBACK)
    return f"http://{host}:{port}"
