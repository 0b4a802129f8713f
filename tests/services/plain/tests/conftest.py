"""A database of its own for each test, made inside the server that TEST_DATABASE_URL names."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

MIGRATIONS = Path(__file__).parent.parent / "migrations"


@pytest.fixture
def database_url() -> Iterator[str]:
    """An empty database with every migration applied; gone afterwards."""
    server = os.environ["TEST_DATABASE_URL"]
    name = f"plainsvc_{uuid.uuid4().hex[:12]}"
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            with psycopg.connect(url) as connection:
                for file in sorted(MIGRATIONS.glob("*.sql")):
                    connection.execute(file.read_bytes())
            yield url
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
