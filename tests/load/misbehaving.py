"""A real server that misbehaves on purpose: one script a connection, one act a request."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

Act = Callable[[socket.socket], bool]
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def whole(client: socket.socket) -> bool:
    """A good answer; the connection stays."""
    client.sendall(WHOLE)
    return True


def chunked(client: socket.socket) -> bool:
    """A good answer in chunks, after a 100 and with a trailer."""
    client.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    client.sendall(b"3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: 1\r\n\r\n")
    return True


def announced_close(client: socket.socket) -> bool:
    """A good answer that says it is the last one."""
    client.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
    return False


def then_idle_close(client: socket.socket) -> bool:
    """A good answer; the connection ends a moment later without a word."""
    client.sendall(WHOLE)
    time.sleep(0.02)
    return False


def silent_close(client: socket.socket) -> bool:
    """The request is read, the connection ends without an answer."""
    client.shutdown(socket.SHUT_WR)
    return False


def reset(client: socket.socket) -> bool:
    """The request is read, the connection is reset."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return False


def short_body(client: socket.socket) -> bool:
    """Half of the body that was announced."""
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok")
    return False


def bad_gateway(client: socket.socket) -> bool:
    """A whole answer with a status that is a failure."""
    client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
    return True


def nonsense(client: socket.socket) -> bool:
    """No HTTP at all."""
    client.sendall(b"hello\r\n\r\n")
    return False


def hang(client: socket.socket) -> bool:
    """No answer until the client gives up."""
    client.settimeout(5)
    with contextlib.suppress(OSError):
        client.recv(1)
    return False


class Misbehaving:
    """Plays `acts` in the order in which requests arrive, over all connections; the last act goes on."""

    def __init__(self, *acts: Act) -> None:
        self._acts = list(acts)
        self._lock = threading.Lock()
        self.requests = 0
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.settimeout(0.05)
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._accept)]
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/x?y=1"

    def _next_act(self) -> Act:
        with self._lock:
            self.requests += 1
            return self._acts.pop(0) if len(self._acts) > 1 else self._acts[0]

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            thread = threading.Thread(target=self._talk, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _talk(self, client: socket.socket) -> None:
        with client:
            client.settimeout(30)
            while _read_request(client) and self._next_act()(client):
                pass

    @contextlib.contextmanager
    def serving(self) -> Iterator["Misbehaving"]:
        """Serves for as long as the block lasts."""
        self._threads[0].start()
        try:
            yield self
        finally:
            self._over.set()
            for thread in self._threads:
                thread.join(timeout=10)
            self._listener.close()


def _read_request(client: socket.socket) -> bytes:
    seen = b""
    with contextlib.suppress(ConnectionError):
        while not seen.endswith(b"\r\n\r\n"):
            more = client.recv(4096)
            if not more:
                return b""
            seen += more
    return seen
