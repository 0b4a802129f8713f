from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from hotelctl.adapters import overheard
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.scratch import Scratch
from hotelctl.facts.server_log import Heard, heard

pytestmark = pytest.mark.database


def _ask(url: str, sql: str, *values: object) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.encode(), values or None)


def _asked(log: bytes) -> list[Heard]:
    return [one for one in heard(log) if "here" in one.sql]


def test_what_is_asked_inside_is_written_with_its_values(
    databases: PostgresDatabases, tmp_path: Path
) -> None:
    with Scratch(databases, None, tmp_path / "scratch") as scratch:
        with scratch.overheard("tests") as one:
            assert list(heard(one.log())) == [], "what hotelctl itself asked is none of it"
            owner = urlsplit(one.url).username or ""
            _ask(one.url, "SELECT %s::text, 'here'", "it's")
            _ask(one.url, "SELECT\n 'also here'")
            other = one.url.replace("hotelctl_scratch_", "other_")
            _ask(one.url, f'CREATE DATABASE "{Address(other).database}"')
            _ask(other, "SELECT 'here, in another database'")
            log = one.log()
        _ask(other, "SELECT 'no longer here'")
        assert _asked(log) == [
            Heard(owner, "SELECT $1::text, 'here'", ("it's",)),
            Heard(owner, "SELECT\n 'also here'"),
            Heard(owner, "SELECT 'here, in another database'"),
        ]
        assert _asked(one.log()) == _asked(log), "behind the block nothing is written"
        with scratch.overheard("tests") as second:
            assert _asked(second.log()) == [], "what was asked before is another's"


def test_the_log_does_not_grow_without_end(
    databases: PostgresDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overheard, "_LIMIT_BYTES", 20_000)
    monkeypatch.setattr(overheard, "_TICK_S", 0.01)
    with Scratch(databases, None, tmp_path / "scratch") as scratch, scratch.overheard("tests") as one:
        with psycopg.connect(one.url, autocommit=True) as connection:
            for _ in range(20_000):
                connection.execute("SELECT 'here'")
                if connection.execute("SHOW log_statement").fetchone() == ("none",):
                    break
            else:
                pytest.fail("it is still written")
        assert len(one.log()) == 20_000
