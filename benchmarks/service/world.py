"""A throw-away PostgreSQL with many hotels, and the service as its run-time role."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from benchmarks.service.seeding import Size, seed
from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.app.migrating import migrate
from hotelctl.app.services import keyring
from tests.app_system.instances import Instance, running

_DATABASE = "hotel"
_ROLE = "hotel_bench"
OPS_TOKEN = secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class World:
    """Where the database is, as its owner and as the service see it."""

    owner_url: str
    runtime_url: str
    directory: Path
    pgdata: Path
    postgres_version: str

    @contextmanager
    def service(self) -> Iterator[Instance]:
        """The real service, one process, with every limit as it comes."""
        environment = {
            "DATABASE_URL": self.runtime_url,
            "HOTEL_KEYRING": str(self.directory / "keyring"),
            "HOTEL_PUBLIC_URL": "http://127.0.0.1",
            "HOTEL_ENV": "bench",
            "OPS_TOKEN": OPS_TOKEN,
        }
        with running(environment, self.directory / "service.log") as instance:
            yield instance

    @contextmanager
    def bare(self) -> Iterator[Instance]:
        """The endpoint that the service is compared with, on the same database."""
        environment = {"DATABASE_URL": self.owner_url}
        with running(environment, self.directory / "bare.log", "benchmarks.service.bare") as instance:
            yield instance


@contextmanager
def world(size: Size) -> Iterator[World]:
    """A migrated and filled database whose server keeps its promises (fsync on); all is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="hotel-bench-") as held:
        directory = Path(held)
        server = EmbeddedPostgres(directory / "postgres")
        try:
            yield _fill(server.ensure(), directory, server.pgdata, size)
        finally:
            server.stop()


def _fill(superuser_url: str, directory: Path, pgdata: Path, size: Size) -> World:
    keyring.init(directory / "keyring")
    owner = make_url(superuser_url).set(database=_DATABASE)
    owner_url = owner.render_as_string(hide_password=False)
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_DATABASE)))
        migrate(owner_url)
        role = sql.SQL("CREATE ROLE {} LOGIN IN ROLE hotel_app").format(sql.Identifier(_ROLE))
        connection.execute(role)
        version = connection.info.server_version // 10000
    seed(owner_url, size)
    runtime_url = owner.set(username=_ROLE).render_as_string(hide_password=False)
    return World(owner_url, runtime_url, directory, pgdata, f"PostgreSQL {version}")
