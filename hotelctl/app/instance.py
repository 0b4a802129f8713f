"""One instance in one process, as `python -m hotelctl.app` runs it.

Exit code: 78 unusable configuration, 75 something it needs is missing, 65 schema for newer code only.
A clean end by SIGTERM is reported as that signal, after the log line `shutdown_complete`.
"""

import argparse
import asyncio
import signal
import socket
from collections.abc import Sequence

import uvicorn
import uvloop

from hotelctl.app import legacy, logs
from hotelctl.app.api import application
from hotelctl.app.domain.failures import EXIT_DEPENDENCY, StartFailure, require_all
from hotelctl.app.identity import Identity
from hotelctl.app.logs import Event, log
from hotelctl.app.services import keyring
from hotelctl.app.services.external.directory import Directory
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings, load

# Longer than a proxy keeps an idle connection, so it is never this side that closes one in use.
_KEEP_ALIVE_S = 150
_GRACE_S = 15
_BACKLOG = 2048
_HIGHEST_PORT = 65535


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= _HIGHEST_PORT:
        raise ValueError(text)
    return port


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m hotelctl.app", description="Runs the hotel assistant.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=_port, default=8000, help="0 takes a free one and logs it")
    return parser.parse_args(argv)


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        message = f"cannot listen on {host}:{port}: {error.strerror}"
        raise StartFailure(EXIT_DEPENDENCY, Event.DEPENDENCY_UNAVAILABLE, message) from None


async def _serve(service: Service, listener: socket.socket) -> None:
    def give_up() -> None:
        server.should_exit = True

    config = uvicorn.Config(
        application.build(service, give_up),
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = uvicorn.Server(config)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, service.drain)
    host, port = listener.getsockname()[:2]
    log().info(Event.LISTENING, msg=f"listening on {host}:{port}", host=host, port=port)
    await server.serve(sockets=[listener])


def _run(arguments: argparse.Namespace) -> int:
    identity = Identity()
    logs.configure(identity)
    log().info(Event.STARTING, msg="starting", git_sha=identity.git_sha)
    try:
        settings = load(Settings)
        require_all(
            lambda: legacy.notices(settings),
            lambda: keyring.load(settings.hotel_keyring),
            Directory(settings).require_extras,
        )
        for notice in legacy.notices(settings):
            log().warning(Event.CONFIG_OUTDATED, msg=notice)
        ring = keyring.load(settings.hotel_keyring)
        service = Service(settings, ring, identity, old_secret=legacy.old_secret())
        listener = _bind(arguments.host, arguments.port)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(service, listener))
        if service.start_failure:
            raise service.start_failure
    except StartFailure as failure:
        log().error(
            failure.event, msg=failure.message, exit_code=failure.exit_code, problems=failure.problems
        )
        return failure.exit_code
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The exit code of one run of the service."""
    # Until the loop listens, a drain signal that comes early must not kill.
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    return _run(_parse(argv))
