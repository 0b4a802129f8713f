"""Asks the service over one kept connection again and again, and counts what did not come back good."""

import http.client
import threading
from collections import Counter
from types import TracebackType
from typing import Self

_EVERY_S = 0.05


class Witness:
    """Counts answers by what they said and failures by what went wrong; nothing is asked twice."""

    def __init__(self, port: int, path: str) -> None:
        """Nothing is asked before the block begins."""
        self._port = port
        self._path = path
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._ask_until_end, daemon=True)
        self.answers: Counter[str] = Counter()
        self.failures: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        self._thread.join()

    def forgive(self) -> None:
        """What failed until now is not counted."""
        self.failures.clear()

    def _ask_until_end(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        while not self._end.wait(_EVERY_S):
            try:
                connection.request("GET", self._path)
                reply = connection.getresponse()
                said = reply.read().decode()
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                self.failures[f"{type(error).__name__}: {error}"] += 1
                continue
            if reply.status == http.client.OK:
                self.answers[said] += 1
            else:
                self.failures[f"{reply.status} {said[:200]}"] += 1
        connection.close()
