import os

import psycopg
import pytest

from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_connect import complaint, connected, limit
from hotelctl.adapters.postgres_url import Address
from hotelctl.config.release_env import with_role
from hotelctl.core.errors import Unavailable

pytestmark = pytest.mark.database


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PGPORT", "1"),
        ("PGHOST", "nowhere.invalid"),
        ("PGHOSTADDR", "192.0.2.1"),
        ("PGSERVICE", "not-defined"),
        ("PGOPTIONS", "-c nonsense=1"),
        ("PGTZ", "Mars/Phobos"),
        ("PGSSLMODE", "nonsense"),
    ],
)
def test_the_url_is_the_whole_address(
    name: str, value: str, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with connected(database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert os.environ[name] == value, "what the caller set is still there"


def test_text_of_a_database_that_names_no_encoding_is_text(
    databases: PostgresDatabases, database_url: str
) -> None:
    name = f"plain_{Address(database_url).database}"
    asked = "SELECT current_setting('server_encoding'), 'Zürich'::text, '15'::text"
    with connected(database_url, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING SQL_ASCII LOCALE 'C' TEMPLATE template0".encode()
        )
        try:
            found = databases.query(Address(database_url).at(name).url, asked).values
        finally:
            connection.execute(f"DROP DATABASE {name}".encode())
    assert found == (("SQL_ASCII", "Zürich", "15"),)


def test_a_role_with_hardly_any_time_is_asked_within_our_limits(
    databases: PostgresDatabases, database_url: str
) -> None:
    role = f"hasty_{Address(database_url).database}"
    databases.execute(
        database_url,
        f"CREATE ROLE {role} LOGIN PASSWORD 'a-password'; ALTER ROLE {role} SET statement_timeout = '5ms';"
        "CREATE TABLE many (g int); GRANT ALL ON many TO PUBLIC",
    )
    databases.execute(database_url, "INSERT INTO many SELECT generate_series(1, 300000)")
    url = with_role(database_url, role, "a-password")
    try:
        for _ in range(20):
            assert databases.query(url, "SELECT count(*) FROM many").values == ((300_000,),)
        databases.execute(url, "UPDATE many SET g = g + 1 WHERE g > 290000")
        databases.execute_each(url, ["SELECT count(*) FROM many"])
    finally:
        databases.execute(database_url, f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_where_even_our_limit_is_too_late_it_is_the_roles_own_that_is_named() -> None:
    class Hasty:
        """Nothing is quick enough."""

        def execute(self, _sql: bytes) -> None:
            raise psycopg.errors.QueryCanceled

    with pytest.raises(Unavailable, match="the role's own statement_timeout ends whatever is asked"):
        limit(Hasty(), 3, of="session")  # type: ignore[arg-type]  # as much of a connection as is needed


def test_a_word_of_ten_megabytes_is_not_repeated() -> None:
    word = "a" * 10_000_000
    told = complaint(psycopg.Error(f'syntax error at or near "{word}"'), Address("postgresql://u@h/d"))
    assert told == "d: syntax error at or near ... (10000026 characters)"
