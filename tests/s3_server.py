"""A server that speaks S3, on this machine, and a way to it that breaks when a test wants that."""

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

_CHUNK = 65_536


def client(url: str) -> Any:  # noqa: ANN401 - boto3 has no types
    """What a test looks there with."""
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="owner",
        aws_secret_access_key="owner",
    )


@contextmanager
def s3_server(bucket: str) -> Iterator[str]:
    """The address of one that holds an empty `bucket`."""
    # A line for each request, into the output of the command that a test reads.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    try:
        asked = client(url)
        asked.create_bucket(Bucket=bucket)
        asked.close()
        yield url
    finally:
        server.stop()


class BadWay:
    """Passes bytes on to `server`; `left` is how many may still go there before everything ends.

    With `silent`, it takes what it is given and never answers.
    """

    def __init__(self, server: str) -> None:
        host, _, port = server.removeprefix("http://").partition(":")
        self._server = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.left: int | None = None
        self.silent = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Nobody is let in any more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                given, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(given,), daemon=True).start()

    def _serve(self, given: socket.socket) -> None:
        with suppress(OSError), given, socket.create_connection(self._server) as there:
            threading.Thread(target=_pass_on, args=(there, given), daemon=True).start()
            while data := given.recv(_CHUNK):
                if self.silent:
                    continue
                if self.left is not None:
                    if self.left <= 0:
                        break
                    self.left -= len(data)
                there.sendall(data)
            with suppress(OSError):
                given.shutdown(socket.SHUT_RDWR)


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
