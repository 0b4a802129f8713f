"""A PostgreSQL that asks everybody on the network for a password, as a team's own server does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from hotelctl.adapters.embedded import EmbeddedPostgres
from tests.free_port import free_port

OWNER = "notes_owner"
POOR = "notes_poor"  # owns a database and may make no other
PASSWORD = "correct-horse-battery-staple"
_UNSYNCED = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_RULES = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


@dataclass(frozen=True, slots=True)
class PasswordServer:
    """`superuser` comes in by the socket and needs no password."""

    superuser: str
    port: int

    def url(self, database: str, user: str = OWNER, password: str = PASSWORD) -> str:
        """How that role enters that database from the network."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def databases(self) -> list[str]:
        """The names of all databases there."""
        with psycopg.connect(self.superuser) as connection:
            return [str(name) for (name,) in connection.execute("SELECT datname FROM pg_database ORDER BY 1")]

    def execute(self, *statements: str, database: str = "postgres") -> None:
        """The statements were executed one by one as superuser."""
        url = self.superuser.replace("/postgres?", f"/{database}?")
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@contextmanager
def password_server(place: Path) -> Iterator[PasswordServer]:
    """The server with the role `OWNER`, who may create databases; its data are gone with `place`."""
    port = free_port()
    place.mkdir(mode=0o755)
    server = EmbeddedPostgres(
        place / "pgdata", {**_UNSYNCED, "listen_addresses": "127.0.0.1", "port": str(port)}
    )
    made = PasswordServer(f"{server.ensure()}&port={port}", port)
    try:
        (place / "pgdata" / "pg_hba.conf").write_text(_RULES)
        made.execute(
            "SELECT pg_reload_conf()",
            f"CREATE ROLE {OWNER} LOGIN CREATEDB PASSWORD '{PASSWORD}'",
            f"CREATE ROLE {POOR} LOGIN PASSWORD '{PASSWORD}'",
            f"CREATE DATABASE empty OWNER {OWNER}",
            f"CREATE DATABASE poor OWNER {POOR}",
            f"CREATE DATABASE another OWNER {OWNER}",
            f"CREATE DATABASE viewed OWNER {OWNER}",
            f"CREATE DATABASE moved OWNER {OWNER}",
            f"CREATE DATABASE closed OWNER {POOR}",
            "REVOKE CONNECT ON DATABASE closed FROM PUBLIC",
        )
        made.execute("CREATE TABLE guests (id int)", "CREATE TABLE bookings (id int)", database="another")
        made.execute("CREATE MATERIALIZED VIEW revenue AS SELECT 1 AS x", database="viewed")
        made.execute("CREATE TABLE alembic_version AS SELECT '0042'::text AS version_num", database="moved")
        yield made
    finally:
        server.stop()
