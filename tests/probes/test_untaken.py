"""Branches of blocks that live rows decide about, on a real server, run on a shadow."""

# ruff: noqa: S608 - statements of these tests alone

import tempfile
from pathlib import Path

import pytest

from hotelctl.facts.hazard import HazardKind as Kind
from hotelctl.facts.migration_run import MigrationRun
from tests.probes.lived import lived

pytestmark = pytest.mark.database

_ROOMS = "public.rooms"
_HIDDEN = (Kind.UNTAKEN, Kind.UNMET_DELETE, Kind.UNMET_UPDATE)
_MANY = "(SELECT count(*) FROM rooms) > 1000"
_COLUMN = "EXISTS (SELECT FROM information_schema.columns WHERE table_name = 'rooms' AND column_name = '{}')"
_TYPE = "SELECT FROM pg_type WHERE typname = 'state'"


def _block(body: str, declared: str = "") -> str:
    return f"DO $$ {declared and f'DECLARE {declared} '}BEGIN {body} END $$;"


_TOLD: list[tuple[str, Kind, str]] = [
    (_block(f"IF {_MANY} THEN DROP TABLE rooms; END IF;"), Kind.UNTAKEN, _ROOMS),
    (_block(f"IF {_MANY} THEN ALTER TABLE rooms DROP name; END IF;"), Kind.UNTAKEN, _ROOMS),
    (_block(f"IF {_MANY} THEN DELETE FROM rooms; END IF;"), Kind.UNMET_DELETE, _ROOMS),
    (_block(f"IF {_MANY} THEN UPDATE rooms SET name = ''; END IF;"), Kind.UNMET_UPDATE, _ROOMS),
    (_block(f"IF NOT {_MANY} THEN NULL; ELSE TRUNCATE rooms; END IF;"), Kind.UNTAKEN, _ROOMS),
    (
        _block(f"CASE WHEN {_MANY} THEN CREATE INDEX ON rooms (name); ELSE END CASE;"),
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (
        _block(f"n := {_MANY}; IF n THEN ALTER TABLE rooms DROP name; END IF;", "n bool;"),
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (
        _block("SELECT count(*) INTO n FROM rooms; IF n > 99 THEN DROP TABLE rooms; END IF;", "n int;"),
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (
        _block(f"IF {_MANY} THEN b := true; END IF; IF b THEN DROP TABLE rooms; END IF;", "b bool := false;"),
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (_block("IF version() LIKE '%12.%' THEN DROP TABLE rooms; END IF;"), Kind.UNTAKEN, _ROOMS),
    (_block("IF current_database() = 'x' THEN DROP TABLE rooms; END IF;"), Kind.UNTAKEN, _ROOMS),
    (_block("IF now() < '2001-01-01' THEN DROP TABLE rooms; END IF;"), Kind.UNTAKEN, _ROOMS),
    (
        _block("IF current_setting('a.b', true) = 'x' THEN DROP TABLE rooms; END IF;"),
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (
        _block("IF (SELECT reltuples FROM pg_class LIMIT 1) > 1e9 THEN DROP TABLE rooms; END IF;"),
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (
        _block("FOR r IN SELECT id FROM rooms WHERE id < 0 LOOP DROP TABLE rooms; END LOOP;", "r record;"),
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (_block(f"WHILE {_MANY} LOOP DELETE FROM rooms; END LOOP;"), Kind.UNMET_DELETE, _ROOMS),
    (
        _block("IF EXISTS (SELECT FROM rooms) THEN RETURN; END IF; ALTER TABLE rooms DROP name;"),
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (
        _block("PERFORM 1 / 1; EXCEPTION WHEN division_by_zero THEN DROP TABLE rooms;"),
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (
        _block(
            "INSERT INTO rooms SELECT id FROM rooms LIMIT 1; DROP TABLE rooms; "
            "EXCEPTION WHEN others THEN NULL;"
        ),
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (_block(f"IF {_MANY} THEN EXECUTE 'DROP TABLE rooms'; END IF;"), Kind.UNTAKEN, _ROOMS),
    (_block(f"IF {_MANY} THEN EXECUTE format('DROP TABLE %I', 'rooms'); END IF;"), Kind.UNTAKEN, ""),
    (
        _block(
            "FOR r IN SELECT name FROM rooms WHERE id < 0 LOOP EXECUTE 'DROP TABLE ' || r.name; END LOOP;",
            "r record;",
        ),
        Kind.UNTAKEN,
        "",
    ),
    (
        _block(f"ALTER TABLE rooms ADD extra int; IF {_MANY} THEN ALTER TABLE rooms DROP name; END IF;"),
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (
        "CREATE FUNCTION tidy_1() RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_MANY} THEN DROP TABLE rooms; END IF; END $$; SELECT tidy_1();",
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (
        "CREATE PROCEDURE tidy_2() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM rooms; END $$;"
        + _block(f"IF {_MANY} THEN CALL tidy_2(); END IF;"),
        Kind.UNMET_DELETE,
        _ROOMS,
    ),
    *(
        (_block(f"IF {_MANY} THEN EXECUTE {text}; END IF;", "kind text := 'x';"), made, "")
        for text, made in (
            ("format('DELETE FROM %I', 'rooms')", Kind.UNMET_DELETE),
            ("'UPDATE ' || 'rooms' || ' SET id = 1'", Kind.UNMET_UPDATE),
            ("format('ALTER %s rooms DROP name', 'TABLE')", Kind.UNTAKEN),
            ("'DROP ' || kind", Kind.UNTAKEN),
            ("format('%s', kind)", Kind.UNTAKEN),
            ("kind", Kind.UNTAKEN),
        )
    ),
    (_block("EXECUTE (SELECT 'DROP TABLE IF EXISTS x' FROM rooms LIMIT 1);"), Kind.UNTAKEN, ""),
    (
        _block(f"IF {_MANY} THEN DELETE FROM rooms; END IF; UPDATE rooms SET name = 'x';"),
        Kind.UNMET_DELETE,
        _ROOMS,
    ),
    (
        "CREATE FUNCTION tidy_3(many bool) RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
        "IF many THEN DROP TABLE rooms; END IF; END $$;"
        f"SELECT tidy_3({_MANY});",
        Kind.UNTAKEN,
        _ROOMS,
    ),
    (
        "CREATE FUNCTION tidy_4() RETURNS int LANGUAGE sql AS 'DELETE FROM rooms RETURNING 1';"
        "SELECT tidy_4() FROM rooms WHERE id < 0;",
        Kind.UNMET_DELETE,
        _ROOMS,
    ),
]
_DECIDED: list[str] = [
    _block(f"IF {_COLUMN.format('gone')} THEN UPDATE rooms SET name = ''; END IF;"),
    _block(f"IF NOT EXISTS ({_TYPE}) THEN CREATE TYPE state AS ENUM ('a'); END IF;"),
    _block("CREATE TYPE state AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN null;"),
    _block("ALTER TABLE rooms ADD id int; EXCEPTION WHEN duplicate_column THEN RAISE NOTICE 'is there';"),
    _block("ALTER TABLE rooms ADD extra int; EXCEPTION WHEN others THEN RAISE NOTICE '%', SQLERRM;"),
    _block(f"IF NOT {_COLUMN.format('extra')} THEN ALTER TABLE rooms ADD extra int; END IF;"),
    _block(f"IF {_COLUMN.format('extra')} THEN ALTER TABLE rooms DROP extra; END IF;"),
    _block("IF to_regclass('public.gone') IS NOT NULL THEN DROP TABLE gone; END IF;"),
    _block(
        "FOR r IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind = 'm' LOOP "
        "EXECUTE format('DROP MATERIALIZED VIEW %I', r.relname); END LOOP;",
        "r record;",
    ),
    _block(
        "SELECT conname INTO named FROM pg_constraint WHERE conrelid = 'rooms'::regclass AND contype = 'f'; "
        "IF named IS NOT NULL THEN EXECUTE 'ALTER TABLE rooms DROP CONSTRAINT ' || quote_ident(named); "
        "END IF;",
        "named text;",
    ),
    _block("PERFORM 1 FROM pg_roles WHERE rolname = 'x'; IF FOUND THEN DROP TABLE rooms; END IF;"),
    _block("IF EXISTS (SELECT FROM rooms) THEN ALTER TABLE rooms ADD extra int; END IF;"),
    _block("IF EXISTS (SELECT FROM rooms WHERE id < 0) THEN RAISE EXCEPTION 'no'; END IF;"),
    _block(f"IF {_MANY} THEN CREATE TABLE archive (id int); INSERT INTO archive VALUES (1); END IF;"),
    _block("IF false THEN DROP TABLE rooms; END IF;"),
    _block("RAISE NOTICE 'rooms: %', (SELECT count(*) FROM rooms);"),
    _block(
        "LOOP UPDATE rooms SET name = 'x' WHERE name IS DISTINCT FROM 'x'; EXIT WHEN NOT FOUND; END LOOP;"
    ),
    "CREATE FUNCTION add_column(target text, named text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN "
    "IF NOT EXISTS (SELECT FROM information_schema.columns WHERE table_name = target "
    "AND column_name = named) "
    "THEN EXECUTE format('ALTER TABLE %I ADD %I text', target, named); END IF; END $$;"
    "SELECT add_column('rooms', 'name');",
    _block("IF EXISTS (SELECT FROM rooms) THEN DELETE FROM rooms; END IF;"),
]


def _hidden(run: MigrationRun) -> list[tuple[int | None, Kind, str]]:
    assert run.stopped == ""
    return [(each.line, each.hazard.kind, each.hazard.table) for each in run.of(*_HIDDEN)]


def test_what_rows_may_let_run_and_did_not_is_told_by_its_line(database_server: str) -> None:
    sql = "\n".join(sql for sql, _kind, _table in _TOLD)
    with tempfile.TemporaryDirectory(prefix="q-") as place, lived(database_server, Path(place)) as one:
        found = {(line, kind, table) for line, kind, table in _hidden(one.run(sql))}
    wanted = [(line, kind, table) for line, (_sql, kind, table) in enumerate(_TOLD, 1)]
    assert sorted(found, key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize("first", ["", "-- hotelctl: no-transaction"])
def test_what_the_catalogue_decides_and_what_was_seen_is_not(database_server: str, first: str) -> None:
    with tempfile.TemporaryDirectory(prefix="q-") as place, lived(database_server, Path(place)) as one:
        assert _hidden(one.run("\n".join([first, *_DECIDED]))) == []


def test_from_empty_the_catalogue_says_nothing_of_the_live_one(database_server: str) -> None:
    sql = _block(f"IF {_COLUMN.format('legacy')} THEN ALTER TABLE rooms DROP legacy; END IF;")
    with tempfile.TemporaryDirectory(prefix="q-") as place, lived(database_server, Path(place)) as one:
        assert _hidden(one.run(sql)) == []
        assert one.run(_block(f"IF {_MANY} THEN DROP TABLE rooms; END IF;")).unasked
        assert _hidden(one.run(sql, empty=True)) == [(1, Kind.UNTAKEN, _ROOMS)]
