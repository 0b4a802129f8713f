"""How long a verdict on a pending migration takes, and how much memory, over a large schema."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.sql_migrations import SqlMigrations
from tests.fakes.evidence import FakeEvidence

TABLES, STATEMENTS, ROUNDS = 200, 20, 5
_SERVICE = """
schema = "hotelctl.service/1"

[service]
name = "large"
title = "Large"

[database]
url_env = "LARGE_DATABASE_URL"

[migrations]
kind = "sql"
directory = "migrations"
"""
_RUN = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Seconds of the command, first and then warm, its peak memory in MB, and its last exit code."""

    cold_s: float
    warm_s: tuple[float, ...]
    peak_mb: float
    exit_code: int


def verdicts() -> Verdicts:
    """`hotelctl validate --only schema` on a project of its own, against a live database of its own."""
    with _project() as (project, environ):
        runs = [_run(project, environ) for _ in range(ROUNDS + 1)]
    times = [one[0] for one in runs]
    return Verdicts(times[0], tuple(times[1:]), max(one[1] for one in runs), runs[-1][2])


def _run(project: Path, environ: dict[str, str]) -> tuple[float, float, int]:
    argv = [sys.executable, "-c", _RUN, sys.executable, "-m", "hotelctl"]
    argv += ["validate", "--only", "schema", "--no-cache", "--quiet"]
    began = time.monotonic()
    done = subprocess.run(argv, cwd=project, env=environ, capture_output=True, text=True, check=True)
    code, peak_kb = done.stdout.split()
    return time.monotonic() - began, int(peak_kb) / 1000, int(code)


@contextmanager
def _project() -> Iterator[tuple[Path, dict[str, str]]]:
    with TemporaryDirectory(prefix="large-") as held:
        project, server = Path(held) / "project", EmbeddedPostgres(Path(held) / "postgres")
        try:
            url = server.ensure()
            _write(project)
            evidence = FakeEvidence()
            processes = LocalProcesses(evidence, SystemClock(), dict(os.environ))
            databases = PostgresDatabases(processes, evidence, SystemClock())
            live = databases.create(url, "large")
            SqlMigrations(databases, LocalFiles(evidence, project)).migrate(
                project / "migrations", live, "0001_tables.sql"
            )
            yield project, {**os.environ, "LARGE_DATABASE_URL": live}
        finally:
            server.stop()


def _write(project: Path) -> None:
    (project / "migrations").mkdir(parents=True)
    (project / "hotelctl.toml").write_text(_SERVICE, encoding="utf-8")
    tables = "".join(_table(number) for number in range(TABLES))
    (project / "migrations" / "0001_tables.sql").write_text(tables, encoding="utf-8")
    pending = "".join(_statement(number) for number in range(STATEMENTS))
    (project / "migrations" / "0002_pending.sql").write_text(pending, encoding="utf-8")
    git = shutil.which("git") or "git"
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run(
            [git, "-c", "user.name=a", "-c", "user.email=a@b.example", *words], cwd=project, check=True
        )


def _table(number: int) -> str:
    parent = f"t{number - 1}_id bigint REFERENCES t{number - 1}," if number else ""
    return (
        f"CREATE TABLE t{number} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {parent} "
        "name varchar(80) NOT NULL, state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'old')), "
        "number int, note text, made_at timestamptz NOT NULL DEFAULT now());\n"
        f"CREATE INDEX t{number}_name ON t{number} (name);\n"
    )


def _statement(number: int) -> str:
    kinds = (
        "ALTER TABLE t{n} ADD COLUMN extra_{i} text;\n",
        "CREATE INDEX t{n}_number_{i} ON t{n} (number);\n",
        "ALTER TABLE t{n} ALTER name TYPE varchar(120);\n",
        "ALTER TABLE t{n} ADD CONSTRAINT c_{i} CHECK (number > 0) NOT VALID;\n",
        "UPDATE t{n} SET note = 'x' WHERE id = 1;\n",
    )
    return kinds[number % len(kinds)].format(n=number * 7 % TABLES, i=number)
