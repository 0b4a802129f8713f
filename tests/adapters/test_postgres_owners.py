"""A dump with owners says of each object what one without them says."""

import secrets
from collections.abc import Iterator

import pytest

from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.facts.schema_text import differences

pytestmark = pytest.mark.database
# One of each kind that has an owner and that a server without more programs has.
_OBJECTS = """
CREATE SCHEMA "Front Desk";
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE DOMAIN short AS text CHECK (VALUE <> 'x OWNER TO y');
CREATE TYPE pair AS (a int, b text);
CREATE TABLE rooms (id int PRIMARY KEY, name text DEFAULT 'ALTER TABLE x OWNER TO y');
CREATE SEQUENCE numbers;
CREATE VIEW named AS SELECT name FROM rooms;
CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM rooms;
CREATE FUNCTION f(a int, b text) RETURNS int LANGUAGE plpgsql AS 'BEGIN ALTER TABLE x OWNER TO y; END';
CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total (int) (sfunc = int4pl, stype = int);
CREATE COLLATION plain FROM "C";
CREATE STATISTICS s ON id, name FROM rooms;
CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
CREATE TEXT SEARCH DICTIONARY dict (TEMPLATE = simple);
CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq);
CREATE PUBLICATION news FOR TABLE rooms;
CREATE FOREIGN DATA WRAPPER far;
CREATE SERVER there FOREIGN DATA WRAPPER far;
CREATE FUNCTION watched() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER seen ON ddl_command_end EXECUTE FUNCTION watched();
GRANT SELECT ON rooms TO PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;
"""
_GIVEN = """
ALTER TABLE rooms OWNER TO {0}; ALTER SCHEMA "Front Desk" OWNER TO {0}; ALTER SCHEMA public OWNER TO {0};
ALTER FUNCTION f(int, text) OWNER TO {0}; ALTER TYPE mood OWNER TO {0};
"""


@pytest.fixture
def role(databases: PostgresDatabases, database_url: str) -> Iterator[str]:
    name = f'"Own {secrets.token_hex(4)} "" er"'
    databases.execute(database_url, f"CREATE ROLE {name}")
    yield name
    databases.execute(database_url, f"REASSIGN OWNED BY {name} TO CURRENT_USER; DROP ROLE {name}")


def test_owners_are_the_only_thing_that_it_says_more(
    databases: PostgresDatabases, database_url: str, role: str
) -> None:
    databases.execute(database_url, _OBJECTS)
    databases.execute(database_url, _GIVEN.format(role))
    plain, owned = databases.schema(database_url), databases.schema(database_url, owners=True)
    assert owned.count(f"OWNER TO {role}") >= 5
    assert differences(plain, owned) == differences(owned, plain) == ()
    databases.execute(database_url, "DROP VIEW named")
    assert [one.name for one in differences(plain, databases.schema(database_url, owners=True))] == [
        "CREATE VIEW public.named"
    ]
