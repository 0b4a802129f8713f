"""A PostgreSQL on a port of this machine that notes whoever comes, for those who must not come."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.instances import LocalInstances
from tests.fakes.evidence import FakeEvidence


@dataclass(frozen=True, slots=True)
class NotingServer:
    """`url` leads there by its port, `directory` holds its socket."""

    url: str
    directory: Path

    @contextmanager
    def unvisited(self) -> Iterator[None]:
        """Inside nobody connects, by port or socket, though everybody could; and nothing was migrated."""
        with psycopg.connect(self.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,), "it can be reached"
        behind = len(self._log())
        yield
        assert b"connection" not in self._log()[behind:]
        assert not self.migrated()

    def migrated(self) -> bool:
        """Whether the project of `alembic_project` was there."""
        with psycopg.connect(self.url) as connection:
            return connection.execute("SELECT to_regclass('reached')").fetchone() != (None,)

    def _log(self) -> bytes:
        return (self.directory / "log.txt").read_bytes()


@contextmanager
def noting_server() -> Iterator[NotingServer]:
    """One that is gone behind the block."""
    port = LocalInstances(FakeEvidence(), SystemClock(), os.environ).free_port()
    with tempfile.TemporaryDirectory(prefix="w-") as place:
        network = {"listen_addresses": "127.0.0.1", "port": str(port), "log_connections": "on"}
        server = EmbeddedPostgres(Path(place) / "pgdata", {"fsync": "off", **network})
        try:
            server.ensure()
            yield NotingServer(f"postgresql://postgres@127.0.0.1:{port}/postgres", server.pgdata)
        finally:
            server.stop()
