"""Notes in PostgreSQL, over a few connections that are renewed when they break."""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import LifoQueue
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

Connection = psycopg.Connection[DictRow]


class Notes:
    """All requests share `size` connections; one that fails is closed and opened anew at its next use."""

    def __init__(self, url: str, size: int) -> None:
        self._url = url
        self._slots: LifoQueue[Connection | None] = LifoQueue()
        for _ in range(size):
            self._slots.put(None)

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        held = self._slots.get(timeout=10)
        try:
            if held is None or held.closed:
                held = psycopg.connect(self._url, autocommit=True, row_factory=dict_row, connect_timeout=5)
            yield held
        except psycopg.OperationalError:
            if held is not None:
                held.close()
            held = None
            raise
        finally:
            self._slots.put(held)

    def _rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        with self._connection() as connection:
            return connection.execute(query.encode(), values).fetchall()

    def readable(self) -> bool:
        """True when the table is there and answers."""
        self._rows("SELECT 1 FROM notes LIMIT 1")
        return True

    def newest(self) -> list[dict[str, Any]]:
        """At most a hundred notes, the newest first."""
        return self._rows(
            "SELECT id, text, created_at FROM notes ORDER BY created_at DESC, id DESC LIMIT 100"
        )

    def get(self, number: int) -> dict[str, Any] | None:
        """One note, or None."""
        return next(iter(self._rows("SELECT id, text, created_at FROM notes WHERE id = %s", number)), None)

    def add(self, text: str) -> dict[str, Any]:
        """The note as it was stored."""
        return self._rows("INSERT INTO notes (text) VALUES (%s) RETURNING id, text, created_at", text)[0]

    def delete(self, number: int) -> bool:
        """True when there was such a note."""
        return bool(self._rows("DELETE FROM notes WHERE id = %s RETURNING id", number))

    def close(self) -> None:
        """Closes what is idle; called when no request runs any more."""
        while not self._slots.empty():
            held = self._slots.get()
            if held is not None:
                held.close()
