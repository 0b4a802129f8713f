"""What a second session sees, and the rows that it makes up, on a real server."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from hotelctl.adapters.wire.observer import Observer
from hotelctl.core.errors import Unavailable
from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.lock_mode import LockMode

pytestmark = pytest.mark.database
_TYPES = (
    *("smallint", "integer", "bigint", "real", "double precision", "numeric", "numeric(6,2)", "numeric(2,2)"),
    *(
        "money",
        "boolean",
        "text",
        "varchar",
        "varchar(5)",
        "char(3)",
        "name",
        "bytea",
        "uuid",
        "json",
    ),
    *("jsonb", "inet", "cidr", "macaddr", "date", "timestamp", "timestamptz(3)", "time", "timetz"),
    *("interval", "tsvector", "point", "bit", "oid", "int4range", "int8range", "numrange", "daterange"),
    *("tstzrange", "mood", "text[]", "integer[]"),
)
_UNIQUE = ("bigint", "integer", "text", "uuid", "date", "timestamptz", "varchar(20)", "inet", "bytea")


@pytest.fixture
def observer(url: str) -> Iterator[Observer]:
    with ExitStack() as stack:
        yield Observer(url, stack)


@pytest.fixture
def client(url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def number(known: Catalogue, name: str) -> int:
    return next(one for one, relation in known.relations.items() if relation.name == f"public.{name}")


@pytest.mark.parametrize("type_name", _TYPES)
def test_a_column_of_any_type_is_filled(
    type_name: str, observer: Observer, client: psycopg.Connection[Any]
) -> None:
    client.execute(f"CREATE TABLE one (value {type_name} NOT NULL)".encode())
    known = observer.catalogue()
    assert observer.fill(known, 20, {})[number(known, "one")] == 20


def test_unique_columns_rules_references_and_computed_ones_are_filled(
    observer: Observer, client: psycopg.Connection[Any]
) -> None:
    columns = ", ".join(f"c{place} {name} UNIQUE" for place, name in enumerate(_UNIQUE))
    client.execute(
        f"CREATE TABLE one (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {columns},"
        " kind text NOT NULL CHECK (kind IN ('old', 'it''s')), room bigint REFERENCES rooms,"
        " whole text GENERATED ALWAYS AS (c2 || kind) STORED)".encode()
    )
    known = observer.catalogue()
    assert observer.fill(known, 20, {})[number(known, "one")] == 20
    assert client.execute("SELECT count(*) FROM one JOIN rooms ON rooms.id = one.room").fetchall() == [(20,)]


def test_a_table_that_holds_rows_or_wants_what_nobody_can_tell_is_left(
    observer: Observer, client: psycopg.Connection[Any]
) -> None:
    client.execute("INSERT INTO rooms (id) VALUES (1)")
    client.execute("CREATE TABLE one (id bigint CHECK (id > 1000))")
    known = observer.catalogue()
    found = observer.fill(known, 20, {})
    assert [found[number(known, name)] for name in ("rooms", "one", "notes")] == [1, 0, 20]


def test_the_catalogue_tells_what_somebody_made(observer: Observer, client: psycopg.Connection[Any]) -> None:
    client.execute('CREATE TABLE "Odd" (id int, text text COLLATE "C" DEFAULT \'x\', n int NOT NULL)')
    client.execute('ALTER TABLE "Odd" ADD CONSTRAINT rule CHECK (id > 0) NOT VALID')
    known = observer.catalogue()
    odd = number(known, '"Odd"')
    assert known.columns[odd, 2].default == "'x'::text"
    assert known.columns[odd, 2].collation == '"C"'
    assert known.columns[odd, 3].not_null
    rules = [(one.name, one.kind, one.valid) for one in known.constraints.values() if one.table == odd]
    assert ("rule", "c", False) in rules
    assert known.labels_of("public.mood") == ("sad", "glad")
    assert set(known.parts(number(known, "stays"))) == {number(known, "stays_1"), number(known, "stays_2")}
    assert not any(one.name.startswith("pg_catalog") for one in known.relations.values())


def test_locks_and_who_waits_for_one(observer: Observer, client: psycopg.Connection[Any]) -> None:
    known = observer.catalogue()
    rooms, notes = number(known, "rooms"), number(known, "notes")
    with client.transaction():
        client.execute("LOCK TABLE rooms IN SHARE MODE; SELECT FROM rooms; SELECT FROM notes")
        found = observer.locks(client.info.backend_pid)
        assert (found[rooms], found[notes]) == (LockMode.SHARE, LockMode.ACCESS_SHARE)
        assert observer.blocked(known, [rooms, notes]) == {rooms: ("writes",)}
        assert not observer.waits(client.info.backend_pid)
    assert observer.locks(client.info.backend_pid) == {}
    assert observer.blocked(known, [rooms]) == {}


def test_whoever_needs_more_waits_for_who_stands_in_the_way(
    observer: Observer, client: psycopg.Connection[Any]
) -> None:
    client.execute("SET lock_timeout = '100ms'")
    with observer.in_the_way(observer.catalogue()) as obstacle:
        with pytest.raises(psycopg.errors.LockNotAvailable):
            client.execute("ALTER TABLE rooms ADD more int")
        client.execute("INSERT INTO rooms (id) VALUES (99)")
        obstacle.leave()
        client.execute("ALTER TABLE rooms ADD more int")


def test_a_server_that_does_not_answer_is_unavailable() -> None:
    with pytest.raises(Unavailable), ExitStack() as stack:
        Observer("postgresql://u@/d?host=/nowhere", stack)


def test_a_table_that_cannot_be_filled_leaves_the_others_their_rows(
    observer: Observer, client: psycopg.Connection[Any]
) -> None:
    client.execute(
        "CREATE TABLE one (id int); CREATE TABLE two (id int CHECK (id < 0)); CREATE TABLE three ()"
    )
    known = observer.catalogue()
    rows = observer.fill(known, 3, {})
    assert [rows[number(known, name)] for name in ("one", "two", "three")] == [3, 0, 3]


def test_more_tables_than_are_asked_about_at_once_are_filled(
    observer: Observer, client: psycopg.Connection[Any]
) -> None:
    client.execute("".join(f'CREATE TABLE "o\'ne {n}" (id serial);' for n in range(101)).encode())
    known = observer.catalogue()
    rows = observer.fill(known, 3, {})
    assert [n for one, n in rows.items() if "o'ne" in known.name(one)] == [3] * 101
    client.execute('INSERT INTO "o\'ne 100" DEFAULT VALUES')
    assert client.execute('SELECT max(id) FROM "o\'ne 100"').fetchone() == (4,)


def test_rows_meet_a_foreign_key_to_fewer_rows(observer: Observer, client: psycopg.Connection[Any]) -> None:
    client.execute(
        "CREATE TABLE few (id uuid PRIMARY KEY);"
        "CREATE TABLE lots (id int PRIMARY KEY, few_id uuid REFERENCES few, later uuid)"
    )
    observer.fill(observer.catalogue(), 5, {"public.lots": 50, "public.lots.later": 5})
    client.execute("ALTER TABLE lots DROP CONSTRAINT lots_few_id_fkey")
    for name in ("few_id", "later"):
        client.execute(f"ALTER TABLE lots ADD FOREIGN KEY ({name}) REFERENCES few".encode())
    assert client.execute("SELECT count(*), count(DISTINCT few_id) FROM lots").fetchone() == (50, 5)
