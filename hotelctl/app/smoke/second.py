"""A second instance of this very release on a port of its own, for as long as a block lasts."""

import asyncio
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from hotelctl.app.smoke.talk import Broken, client_of

_READY_S = 20.0
_POLL_S = 0.1
_END_S = 10.0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


@asynccontextmanager
async def second_instance(database_url: str) -> AsyncIterator[str]:
    """Where it answers. Raises Broken when it does not come up."""
    port = _free_port()
    argv = (sys.executable, "-m", "hotelctl.app", "--host", "127.0.0.1", "--port", str(port))
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        *argv, env=os.environ | {"DATABASE_URL": database_url}, stdin=quiet, stdout=quiet, stderr=quiet
    )
    try:
        url = f"http://127.0.0.1:{port}"
        await _wait_ready(url, process)
        yield url
    finally:
        await _end(process)


async def _wait_ready(url: str, process: asyncio.subprocess.Process) -> None:
    until = time.monotonic() + _READY_S
    async with client_of(url) as client:
        while time.monotonic() < until and process.returncode is None:
            try:
                if (await client.get("/readyz")).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(_POLL_S)
            else:
                await asyncio.sleep(_POLL_S)
    raise Broken("a second instance of this release does not become ready")


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _END_S)
    except TimeoutError:
        process.kill()
        await process.wait()
