"""The notes service in a checkout of its own, with a database on a server of either version of the wheel."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
import typer.main

from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.cli._gate import guarded
from hotelctl.cli.main import app
from hotelctl.config.release_env import with_database
from hotelctl.deploy.layout import Layout
from tests.databases import fresh_database
from tests.services.checkout import plain_checkout

SEED = """
CREATE TABLE guests (id int PRIMARY KEY, name text NOT NULL);
INSERT INTO guests SELECT n, 'guest ' || n FROM generate_series(1, 2000) n;
CREATE TABLE rooms (id int PRIMARY KEY, floor int);
INSERT INTO rooms SELECT n, n % 5 FROM generate_series(1, 300) n;
CREATE INDEX ON guests (name);
"""
LATE = 5000
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@contextmanager
def server(major: int) -> Iterator[str]:
    """The owner's URL of a server of that version, gone afterwards."""
    # Short, because a socket's path has a limit, and below nobody else's closed directory.
    with TemporaryDirectory(prefix="b-") as place:
        running = EmbeddedPostgres(Path(place).resolve() / "pgdata", _FAST, major=major)
        try:
            yield running.ensure()
        finally:
            running.stop()


@dataclass
class Notes:
    """`root` is the checkout, `url` the owner's way into its database on the server `beside`."""

    root: Path
    url: str
    beside: str
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    @property
    def layout(self) -> Layout:
        return Layout(self.root / ".hotelctl" / "local")

    def run(self, *words: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr, as one text without line ends, of the command."""
        self.capsys.readouterr()
        code = guarded(typer.main.get_command(app), words)
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err
        assert "bug in hotelctl" not in err
        return code, out, " ".join(err.split())

    def facts(self, *words: str) -> Any:  # noqa: ANN401 - JSON of a command
        """What the command, which ends well, prints with `--format json`."""
        code, out, err = self.run(*words, "--format", "json")
        assert code == 0, err
        return json.loads(out)

    def create(self) -> str:
        """The id of a new backup."""
        return str(self.facts("backup", "create", "--quiet")["id"])

    def sql(self, statement: str, database: str | None = None) -> Sequence[tuple[Any, ...]]:
        """The rows of the answer, of the service's database or of another one beside it."""
        url = self.url if database is None else with_database(self.beside, database)
        with psycopg.connect(url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else ()

    def databases(self) -> set[str]:
        """The names of all databases of the server."""
        found = self.sql("SELECT datname FROM pg_database WHERE NOT datistemplate", "postgres")
        return {str(name) for (name,) in found}


@contextmanager
def notes(
    parent: Path, beside: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Notes]:
    """A checkout below `parent`, in which commands are given now, and its seeded database."""
    with fresh_database(beside) as url:
        made = Notes(plain_checkout(parent).resolve(), url, beside, capsys, monkeypatch)
        monkeypatch.chdir(made.root)
        monkeypatch.setenv("NOTES_DATABASE_URL", url)
        monkeypatch.setenv("COLUMNS", "80")
        for name in ("FORCE_COLOR", "HOTELCTL_FAULT"):
            monkeypatch.delenv(name, raising=False)
        made.sql(SEED)
        before = made.databases()
        yield made
        left = {name for name in made.databases() - before if name.startswith("hotelctl_scratch")}
        assert not left
        for name in made.databases() - before:
            made.sql(f'DROP DATABASE "{name}" WITH (FORCE)', "postgres")
        os.chdir("/")


def late(service: Notes) -> str:
    """The id of a backup since which 5,000 rows were written."""
    name = service.create()
    service.sql("INSERT INTO guests SELECT n, 'late ' || n FROM generate_series(10001, 15000) n")
    return name


def guests(service: Notes, database: str | None = None) -> int:
    ((count,),) = service.sql("SELECT count(*) FROM guests", database)
    return int(count)


def aside(service: Notes) -> str:
    (name,) = (name for name in service.databases() if "_before_" in name)
    return name


def kept_aside(service: Notes) -> None:
    """The backup is in the place of the database, and the late rows are in the one that was set aside."""
    assert guests(service) == 2000
    assert guests(service, aside(service)) == 2000 + LATE
    service.sql("INSERT INTO rooms VALUES (9999, 1); DELETE FROM rooms WHERE id = 9999")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        service.sql("DELETE FROM guests", aside(service))
    assert not service.layout.restore().exists()
    assert not [name for name in service.databases() if "_from_" in name]


@pytest.fixture(scope="module", params=[16, 18])
def beside(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a server, once of each version."""
    with server(request.param) as url:
        yield url


@pytest.fixture
def service(
    beside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Notes]:
    """The notes service on it."""
    with notes(tmp_path, beside, monkeypatch, capsys) as made:
        yield made
