"""A port of loopback that lets in who has a certificate, and leads to a socket: run as a program.

python -m tests.tls_door DIRECTORY SOCKET: prints its port; ca.pem, server.pem and server-key.pem lie there.
"""

import asyncio
import ssl
import sys
from contextlib import suppress
from pathlib import Path


async def _serve(place: Path, goal: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=place / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(place / "server.pem", place / "server-key.pem")

    async def forwarded(near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, there = await asyncio.open_unix_connection(goal)
        ways = [asyncio.create_task(_copied(near, there)), asyncio.create_task(_copied(far, back))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for writer in (there, back):
            writer.close()

    server = await asyncio.start_server(forwarded, "127.0.0.1", 0, ssl=context)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def _copied(source: asyncio.StreamReader, goal: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await source.read(65_536):
            goal.write(part)
            await goal.drain()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1]), sys.argv[2]))
