import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters import alembic_models
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.facts.old_model import model_gaps

pytestmark = pytest.mark.database

MODELS = """
from sqlalchemy import BigInteger, Column, MetaData, String, Table, UniqueConstraint

print("models are loaded")
metadata = MetaData()
notes = Table(
    "notes", metadata,
    Column("id", BigInteger, primary_key=True), Column("text", String), Column("kind", String),
    UniqueConstraint("text"),
)
rooms = Table("Rooms", metadata, Column("id", BigInteger, primary_key=True))
"""
ENV = """
from alembic import context
from sqlalchemy import create_engine

from models import metadata

if context.config.config_file_name is not None:
    assert context.config.get_main_option("known") == "yes"

with create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
"""
SCHEMA = """
CREATE TABLE notes (id bigserial PRIMARY KEY, text varchar UNIQUE, kind varchar);
CREATE TABLE "Rooms" (id bigserial PRIMARY KEY);
"""


@pytest.fixture
def project(tmp_path: Path, databases: PostgresDatabases, database_url: str) -> Path:
    """A project as Alembic's own template makes it, whose schema is there."""
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "migrations" / "env.py").write_text(ENV)
    (tmp_path / "migrations" / "script.py.mako").touch()
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = elsewhere\nknown = yes\n")
    databases.execute(database_url, SCHEMA)
    return tmp_path


def compared(project: Path, url: str) -> "subprocess.CompletedProcess[str]":
    """As it is run in the environment of a release."""
    text = Path(alembic_models.__file__).read_text()
    return subprocess.run(
        [sys.executable, "-c", text, str(project / "migrations")],
        cwd=project,
        env={**os.environ, alembic_models.URL: url},
        capture_output=True,
        text=True,
        check=False,
    )


def told(project: Path, url: str) -> Any:  # noqa: ANN401 - JSON
    done = compared(project, url)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_models_that_fit_have_no_difference(project: Path, database_url: str) -> None:
    assert told(project, database_url) == []
    (project / "alembic.ini").unlink()
    assert told(project, database_url) == []


def test_what_migrations_took_is_read_backwards(
    project: Path, databases: PostgresDatabases, database_url: str
) -> None:
    before = compared(project, database_url).stdout
    databases.execute(
        database_url,
        "ALTER TABLE notes DROP CONSTRAINT notes_text_key, DROP COLUMN kind, ALTER text SET NOT NULL,"
        " ADD must int NOT NULL, ADD may int, ADD given int NOT NULL DEFAULT 1,"
        " ADD counted int NOT NULL GENERATED ALWAYS AS IDENTITY, ADD serial bigserial;"
        'ALTER TABLE "Rooms" RENAME TO places; CREATE VIEW "Rooms" AS SELECT * FROM places;'
        "CREATE UNIQUE INDEX ON notes (text, id)",
    )
    found = model_gaps(before, compared(project, database_url).stdout)
    assert sorted((one.sqlstate, one.certain) for one in found) == [
        ("23502", False),
        ("23502", True),
        ("23505", False),
        ("42703", True),
        ("42809", False),
        ("42P10", False),
    ]


def test_a_project_without_models_says_so(project: Path, database_url: str) -> None:
    (project / "models.py").write_text("metadata = None\n")
    assert told(project, database_url) is None


def test_a_model_that_cannot_be_imported_fails_with_the_reason(project: Path, database_url: str) -> None:
    (project / "models.py").write_text("import no_such_module\n")
    done = compared(project, database_url)
    assert done.returncode != 0
    assert done.stderr.strip().endswith("No module named 'no_such_module'")
