"""A port of this machine that leads to where a container can connect to, through its engine.

Each connection is one `nc` in the container, whose input and output the engine forwards: alike for an engine
behind a socket, `ssh` or TLS, and without a port of the engine's host that anybody else could use.
"""

import atexit
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from hotelctl.adapters.docker_engine import ODD, docker_engine
from hotelctl.adapters.docker_inside import PART, Output, running
from hotelctl.core.errors import Unavailable

_ASK_S, _LISTEN_S = 60.0, 0.5
_END_S, _TICK_S = 3.0, 0.05


@dataclass(frozen=True, slots=True)
class Goal:
    """What `container` reaches at `host` and `port`."""

    container: str
    host: str
    port: int


class Ways:
    """One listening port for each goal of an engine, for as long as the process lives."""

    def __init__(self) -> None:
        """Nothing listens yet."""
        self._lock = threading.Lock()
        self._open: dict[tuple[str, Goal], _Way] = {}

    def to(self, environ: Mapping[str, str], goal: Goal) -> int:
        """The port of loopback that leads there: who connects in vain is hung up on."""
        key = (environ.get("DOCKER_HOST") or "", goal)
        with self._lock:
            if key not in self._open:
                self._open[key] = _Way(dict(environ), goal)
            return self._open[key].port

    def end(self) -> None:
        """Nothing listens, and nothing is forwarded any more; of an engine that is silent nobody waits."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].end()


class _Way:
    def __init__(self, environ: Mapping[str, str], goal: Goal) -> None:
        self._environ = environ
        self._goal = goal
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._listening.settimeout(_LISTEN_S)
        self.port: int = self._listening.getsockname()[1]
        self._carrying: list[threading.Thread] = []
        self._sides: set[socket.socket] = set()
        self._accepting = self._started(self._accept)

    def end(self) -> None:
        self._over.set()
        # It alone begins others: once it has ended there are no more.
        self._accepting.join()
        until = time.monotonic() + _END_S
        for one in self._carrying:
            while one.is_alive() and time.monotonic() < until:
                self._hang_up()
                one.join(_TICK_S)
        self._listening.close()

    def _hang_up(self) -> None:
        """Whoever waits for a side that takes or gives nothing waits no longer."""
        for side in (*self._sides,):
            with suppress(OSError):
                # Of one with TLS the connection alone: its own way takes TLS from whoever still reads.
                socket.socket.shutdown(side, socket.SHUT_RDWR)

    @staticmethod
    def _started(target: Callable[..., None], *given: object) -> threading.Thread:
        thread = threading.Thread(target=target, args=given, name="way", daemon=True)
        thread.start()
        return thread

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                near, _ = self._listening.accept()
            except TimeoutError:
                continue
            except OSError:
                # Of too many open files, or of one who hung up already: the next one may be luckier.
                self._over.wait(_LISTEN_S)
                continue
            self._carrying = [one for one in self._carrying if one.is_alive()]
            self._carrying.append(self._started(self._carry, near))

    def _carry(self, near: socket.socket) -> None:
        """All that comes is handed on until one side has ended; what cannot be reached hangs up."""
        with ExitStack() as opened:
            opened.callback(near.close)
            opened.enter_context(suppress(Unavailable, OSError, *ODD))
            client = opened.enter_context(docker_engine(self._environ, _ASK_S))
            words = ["nc", self._goal.host, str(self._goal.port)]
            made = opened.enter_context(running(client, self._goal.container, words, fed=True))
            sides = {near, made.far}
            opened.callback(self._sides.difference_update, sides)
            self._sides |= sides
            self._pump(near, made.far)

    def _pump(self, near: socket.socket, far: socket.socket) -> None:
        near.settimeout(_ASK_S)
        far.settimeout(_ASK_S)
        output = Output()
        while not self._over.is_set():
            held = isinstance(far, ssl.SSLSocket) and far.pending() > 0
            ready = [far] if held else select.select([near, far], [], [], _LISTEN_S)[0]
            if near in ready:
                asked = near.recv(PART)
                if not asked:
                    return
                far.sendall(asked)
            if far in ready:
                answered = far.recv(PART)
                if not answered:
                    return
                near.sendall(output.of(answered))


WAYS = Ways()
atexit.register(WAYS.end)
