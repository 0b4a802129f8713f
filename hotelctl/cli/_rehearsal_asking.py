"""Somebody who asks the copy all the while and never asks twice: what a switch loses is seen here."""

import http.client
import threading
import time
from dataclasses import dataclass
from urllib.parse import quote

from hotelctl.core.errors import StepFailed

_EVERY_S = 0.02
_LIMIT_S = 5.0
_SERVER_ERROR = 500
# All that a path of a URL may hold as it is, and what was escaped already.
_AS_IT_IS = "/?#[]@!$&'()*+,;=:%~"


@dataclass(frozen=True, slots=True)
class Answers:
    """How many were asked, and how many of those got no answer or one of 500 and above."""

    asked: int
    failed: int

    def since(self, before: "Answers") -> "Answers":
        """Those that came after `before`."""
        return Answers(self.asked - before.asked, self.failed - before.failed)

    def require_none_lost(self) -> None:
        """Return when some were asked and all were answered. Raises `StepFailed`."""
        if self.failed or not self.asked:
            raise StepFailed(
                f"{self} while traffic moved" if self.asked else "nobody asked while traffic moved"
            )

    def __str__(self) -> str:
        """For people."""
        return f"{self.failed} of {self.asked} requests failed"


class Asking:
    """Asks for `path` at the edge on `port` up to fifty times a second."""

    def __init__(self, port: int, path: str) -> None:
        """Nobody asks yet."""
        self._port, self._path = port, quote(path, safe=_AS_IT_IS)
        self._over = threading.Event()
        self._asked = self._failed = 0
        self._why: list[str] = []
        self._thread = threading.Thread(target=self._run, name="asking", daemon=True)

    def begin(self) -> None:
        """From now on."""
        self._thread.start()

    def end(self) -> None:
        """No more; nothing where nobody asked yet."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def answers(self) -> Answers:
        """So far."""
        return Answers(self._asked, self._failed)

    @property
    def reasons(self) -> str:
        """A line for each request that failed."""
        return "".join(f"{line}\n" for line in self._why)

    def _run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=_LIMIT_S)
        began = time.monotonic()
        while not self._over.wait(_EVERY_S):
            try:
                connection.request("GET", self._path)
                answer = connection.getresponse()
                answer.read()
                why = f"answered {answer.status}" if answer.status >= _SERVER_ERROR else ""
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                why = f"{type(error).__name__}: {error}"
            self._failed += bool(why)
            self._asked += 1
            if why:
                self._why.append(f"after {time.monotonic() - began:.3f} s: {why}")
        connection.close()
