"""The table `[docker.edge]` of a service file: what takes requests on an engine that is on another host."""

from typing import Annotated

from pydantic import Field, IPvAnyAddress

from hotelctl.config.table import Table


class DockerEdge(Table):
    """`image` has Caddy, and the programs `sh`, `flock`, `mv`, `sync` and `nc`, as Caddy's own on Alpine.

    `address` is the one of that host at which the environment's port is open; without it, its loopback.
    """

    image: Annotated[str, Field(pattern=r"^[^\s-]\S*$")] | None = None
    address: IPvAnyAddress | None = None
