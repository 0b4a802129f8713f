"""A line between a browser and the service, which a test can take away or cut amid an answer."""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

_PIECE = 65_536


class Line:
    """Listens at `url` and passes on both ways."""

    def __init__(self, service_url: str) -> None:
        self._goal = urlsplit(service_url)
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self.is_up = True
        self.cut_after: bytes | None = None
        """The next time that the service says this, the line is cut behind it."""
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Nobody gets through any more."""
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                if not self.is_up:
                    near.close()
                    continue
                far = socket.create_connection((self._goal.hostname or "", self._goal.port or 0))
                threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with near, far:
            asking = threading.Thread(target=self._pass_on, args=(near, far, False), daemon=True)
            asking.start()
            self._pass_on(far, near, True)  # noqa: FBT003 - as above
            asking.join()

    def _pass_on(self, from_: socket.socket, to: socket.socket, is_answer: bool, /) -> None:  # noqa: FBT001 - of a thread
        with suppress(OSError):
            while (piece := from_.recv(_PIECE)) and self.is_up:
                found = piece.find(self.cut_after) if is_answer and self.cut_after else -1
                if found >= 0:
                    to.sendall(piece[: found + len(self.cut_after or b"")])
                    self.cut_after = None
                    break
                to.sendall(piece)
        for one in (from_, to):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
