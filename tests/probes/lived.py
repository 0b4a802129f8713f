"""A live database on a real server, migrated by a role of its own, and shadows of it that are watched."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.contained import Containers
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.scratch import Scratch
from hotelctl.adapters.sql_migrations import SqlMigrations
from hotelctl.adapters.tracer import WireTracer
from hotelctl.core.work import Migrated
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase, Role
from hotelctl.facts.migration_run import MigrationPlace, MigrationRun
from hotelctl.facts.migration_set import from_sql
from hotelctl.facts.server_roles import quoted
from hotelctl.probes.context import Context
from hotelctl.probes.live_database import live_dump
from hotelctl.probes.migration_run import migration_run
from tests.databases import entered_as, fresh_database
from tests.probes import real
from tests.probes.worlds import FakeWork, World

FIRST = "CREATE TABLE rooms (id int PRIMARY KEY, name text);"


@dataclass(frozen=True, slots=True)
class Lived:
    """`url` is a superuser's, `role` migrates; `directory` holds the files, of which the first is applied."""

    url: str
    role: str
    directory: Path
    context: Context

    def do(self, *statements: str) -> None:
        """As a superuser, each its own transaction; `{role}` is who migrates."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            for one in statements:
                connection.execute(one.format(role=self.role).encode())

    def run(self, sql: str, *, empty: bool = False) -> MigrationRun:
        """What `migration_run` says when that file is pending; or where no database lives, if `empty`."""
        (self.directory / "0002.sql").write_text(sql.replace("{role}", self.role))
        texts = {f"migrations/{one.name}": one.read_bytes() for one in self.directory.iterdir()}
        live = LiveDatabase("live", "18", Role(self.role), ("0001.sql",), ())
        place = MigrationPlace(self.directory.parent, None)
        known, stand = from_sql(texts), DatabaseStand(None if empty else live)
        dump = live_dump(self.context, known, stand)
        return migration_run(self.context, known, stand, place, dump)


@dataclass
class _Work(FakeWork):
    """Plain SQL files, really applied."""

    sql: SqlMigrations | None = None

    def migrate(
        self, venv: Path, source: Path, database_url: str, env: Mapping[str, str], revision: str | None = None
    ) -> Migrated:
        assert self.sql
        assert venv.is_dir()
        assert env
        return self.sql.migrate(source / "migrations", database_url, revision)


@contextmanager
def lived(server: str, place: Path, *attributes: str, **migrations: str) -> Iterator[Lived]:
    """One with a role of these attributes that owns its database and nothing else."""
    role = f"m_{secrets.token_hex(4)}"
    directory = place / "project" / "migrations"
    directory.mkdir(parents=True)
    (directory / "0001.sql").write_text(FIRST)
    with fresh_database(server) as url:
        name = make_url(url).database
        with psycopg.connect(url, autocommit=True) as connection:
            words = " ".join(attributes)
            connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'a-password' {words}".encode())
            connection.execute(f"ALTER DATABASE {quoted(str(name))} OWNER TO {role}".encode())
        owner = entered_as(role, "a-password", url)
        world = World(migrations={"kind": "sql", "directory": "migrations", **migrations})
        world.database_url = owner
        world.release_env = {"DATABASE_URL": owner}
        context = real.context(directory.parent, place / "work", world)
        databases = PostgresDatabases(context.processes, world.evidence, SystemClock())
        sql = SqlMigrations(databases, context.files, migrations.get("kind", "sql"))
        work: Any = _Work(world.files, world.evidence, sql=sql)
        containers = Containers(os.environ, world.evidence, migrations.get("shadow_image"))
        with Scratch(databases, owner, place / "scratch", containers=containers) as scratch:
            context = replace(
                context,
                databases=databases,
                scratch=scratch,
                work=work,
                tracer=WireTracer(place / "work", world.evidence),
            )
            assert sql.migrate(directory, owner).ok
            yield Lived(url, role, directory, context)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP ROLE {role}".encode())
