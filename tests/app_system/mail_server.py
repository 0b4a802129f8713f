"""A mail server for one test: STARTTLS, log-in, and what it took."""

import asyncio
import queue
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope

PASSWORD = "s3cr3t"


class MailServer:
    """Takes mail from the user `assistant`; refuses recipients that begin with `no` or `later`."""

    def __init__(self) -> None:
        self.log_ins: list[str] = []
        self.taken: list[Envelope] = []

    def authenticate(self, *args: Any) -> AuthResult:  # noqa: ANN401 - five of the library's own
        data = args[-1]
        self.log_ins.append(data.login.decode())
        good = (data.login, data.password) == (b"assistant", PASSWORD.encode())
        return AuthResult(success=good, handled=False)

    async def handle_RCPT(self, *args: Any) -> str:  # noqa: ANN401, N802 - the library's names
        envelope, address = args[2], args[3]
        if address.startswith("no"):
            return f"550 {PASSWORD} no such user"
        if address.startswith("later"):
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, *args: Any) -> str:  # noqa: ANN401, N802 - same
        self.taken.append(args[2])
        return "250 OK"


@asynccontextmanager
async def listening(server: MailServer, certificate: ssl.SSLContext | None) -> AsyncIterator[int]:
    """The port of a server that demands STARTTLS and a log-in; without certificate it offers neither."""
    protocols: list[SMTP] = []

    def connect() -> SMTP:
        protocol = SMTP(
            server,
            hostname="mail.test",
            authenticator=server.authenticate,
            tls_context=certificate,
            require_starttls=certificate is not None,
            auth_required=certificate is not None,
        )
        protocols.append(protocol)
        return protocol

    running = await asyncio.get_running_loop().create_server(connect, "127.0.0.1", 0)
    try:
        yield running.sockets[0].getsockname()[1]
    finally:
        running.close()
        for protocol in protocols:
            if protocol.transport:
                protocol.transport.close()
        await asyncio.sleep(0.01)


@contextmanager
def in_a_thread(server: MailServer, certificate: ssl.SSLContext | None) -> Iterator[int]:
    """The same for a test that runs no loop of its own."""
    ports: queue.SimpleQueue[int] = queue.SimpleQueue()
    over = asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with listening(server, certificate) as port:
            ports.put(port)
            await over.wait()

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        yield ports.get(timeout=60)
    finally:
        loops[0].call_soon_threadsafe(over.set)
        thread.join(60)
