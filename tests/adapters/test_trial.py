import secrets

import psycopg
import pytest

from hotelctl.adapters.trial import tried
from hotelctl.facts.implied_statements import Implied, Tried
from tests.databases import entered_as

pytestmark = pytest.mark.database
_TABLES = """
CREATE ROLE {role}; CREATE TABLE keys (id int); CREATE TABLE notes AS SELECT 1 AS id;
GRANT SELECT, UPDATE ON notes TO {role};
"""
_MEMBERS = "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid WHERE r.rolname = %s"


def test_an_owner_who_is_no_superuser_tries_as_the_role_that_it_made_and_is_none_of_it_afterwards(
    database_url: str,
) -> None:
    owner, role = (f"{word}_{secrets.token_hex(4)}" for word in ("owner", "role"))
    with psycopg.connect(database_url, autocommit=True) as server:
        server.execute(f"CREATE ROLE {owner} LOGIN CREATEROLE PASSWORD 'p'".encode())
        server.execute(f"GRANT CREATE ON SCHEMA public TO {owner}".encode())
        url = entered_as(owner, "p", database_url)
        with psycopg.connect(url) as own:
            own.execute(_TABLES.format(role=role).encode())
        before = server.execute(_MEMBERS, [role]).fetchone()
        asked = [
            Implied("UPDATE notes SET id = 2", "update", "notes"),
            Implied("SELECT id FROM keys", "select", "keys"),
        ]
        done, refused = tried(url, asked, role)
        after = server.execute(_MEMBERS, [role]).fetchone()
        rows = server.execute("SELECT id FROM notes").fetchall()
        server.execute(f"DROP OWNED BY {owner}, {role}; DROP ROLE {role}; DROP ROLE {owner}".encode())
    assert done == Tried(1)
    assert refused == Tried(0, "42501", "permission denied for table keys")
    assert (after, rows) == (before, [(1,)])
