"""An image for an edge elsewhere: the base of the tests, with the wheel's Caddy and a small `nc`."""

import io
import shutil
import sys
import tarfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from docker.errors import APIError

from tests.engine import BASE, absent

if TYPE_CHECKING:
    from docker import DockerClient

EDGE = "hotelctl-edge:tests"
_BUSYBOX = "/bin/busybox"


def edge_image(client: "DockerClient", name: str = EDGE, caddy: bytes | None = None) -> str:
    """The engine has it by that name, with `caddy` as its program where that is given."""
    busybox = Path(_BUSYBOX)
    if not busybox.exists():
        absent("busybox-static is not installed")
    program = caddy or Path(shutil.which("caddy") or Path(sys.executable).parent / "caddy").read_bytes()
    former = [one.id for one in client.images.list(name)]
    container = client.containers.create(BASE, ["true"])
    try:
        container.put_archive("/usr/bin", _packed({"nc": busybox.read_bytes(), "caddy": program}))
        repository, _, tag = name.partition(":")
        container.commit(repository=repository, tag=tag)
    finally:
        container.remove(force=True)
    # It lost its name to the new one; what a container still needs stays.
    for one in former:
        with suppress(APIError):
            client.images.remove(one)
    return name


def _packed(programs: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for name, content in programs.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o755
            tar.addfile(entry, io.BytesIO(content))
    return held.getvalue()
