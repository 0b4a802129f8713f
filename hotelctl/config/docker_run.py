"""The table `[docker.run]` of a service file: how containers of the image are run."""

from typing import Annotated

from pydantic import Field

from hotelctl.config.table import Table

Place = Annotated[str, Field(pattern=r"^(/|\{state\}/)\S")]


class DockerRun(Table):
    """`user` takes the place of the image's own, as numbers: `1000` or `1000:1000`.

    `mounts` are files and directories of this machine that a container has at the same place, to read;
    `writable` those that it may change. `handed` are copied into it as its user's own, whoever may read them
    here: keys, for instance. `{state}` is the environment's directory, and `docker.state` in the container.
    """

    user: Annotated[str, Field(pattern=r"^[0-9]+(:[0-9]+)?$")] | None = None
    mounts: tuple[Place, ...] = ()
    writable: tuple[Place, ...] = ()
    handed: tuple[Place, ...] = ()
