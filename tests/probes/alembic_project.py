"""A project whose migrations are Alembic's, run by the tests' own environment."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.environments import Environments
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.scratch import Scratch
from hotelctl.adapters.tracer import WireTracer
from hotelctl.adapters.work import ServiceWork
from hotelctl.core.redact import Redactor
from hotelctl.probes.context import Context
from tests.probes import real
from tests.probes.worlds import World

_ENV = """
import os
from alembic import context
from sqlalchemy import create_engine

address = {address}
with create_engine(address.replace("postgresql://", "postgresql+psycopg://")).connect() as connection:
    context.configure(connection=connection{more})
    with context.begin_transaction():
        context.run_migrations()
"""
_REVISION = """
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE reached ()")
"""
TOLD = 'os.environ["DATABASE_URL"]'
FIXED = 'context.config.get_main_option("sqlalchemy.url")'
_UP = """
import sys
from alembic import command
from alembic.config import Config

ini, *words = sys.argv[1:]
command.upgrade(Config(ini), words[1] if words else "head")
"""
_INI = "[alembic]\nscript_location = {place}\nsqlalchemy.url = {url}\n"


def alembic_project(
    place: Path, *, address: str = TOLD, url: str = "", more: str = "", live: str = ""
) -> Context:
    """Its `env.py` takes the `address` and hands `more` to Alembic; `url` stands in its `alembic.ini`.

    `live` is the database of the service, by default one that is not there.
    """
    source, ini = place / "source", place / "source" / "alembic.ini"
    (source / "migrations" / "versions").mkdir(parents=True)
    ini.write_text(_INI.format(place=source / "migrations", url=url.replace("%", "%%")))
    (source / "migrations" / "env.py").write_text(_ENV.format(address=address, more=more))
    (source / "migrations" / "versions" / "0001.py").write_text(_REVISION)
    (source / "up.py").write_text(_UP)
    command = ["{python}", str(source / "up.py"), str(ini)]
    world = World(migrations={"kind": "alembic", "directory": "migrations", "command": command})
    world.database_url = live or "postgresql://nobody@127.0.0.1:1/none"
    world.release_env = {"DATABASE_URL": world.database_url}
    context = real.context(source, place / "work", world)
    databases = PostgresDatabases(context.processes, world.evidence, SystemClock())
    environments = Environments(context.processes, context.files, place / "cache")
    work: Any = ServiceWork(
        world.spec,
        context.processes,
        databases,
        context.files,
        environments,
        values={"state": str(place), "environment": "local", "public_url": "http://x"},
        redactor=Redactor(),
        project=source,
    )
    tracer = WireTracer(place / "work", world.evidence)
    scratch = Scratch(databases, live or None, place / "scratch")
    return replace(context, databases=databases, work=work, tracer=tracer, scratch=scratch)
