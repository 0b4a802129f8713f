"""Acts of branches that were not taken, or that only another act explains."""

# ruff: noqa: S608 - statements of these tests alone

import pytest

from hotelctl.facts.hazard import HazardKind as Kind
from hotelctl.facts.hazards import hazards
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Rows
from tests.facts.traces import ALONE, BASE, ROOMS, did, found, trace, with_column

_IF = "IF EXISTS (SELECT FROM notes) THEN"


def _do(body: str, language: str = "") -> str:
    return f"DO {language} $$ BEGIN {body} END $$"


@pytest.mark.parametrize(
    "act",
    [
        "ALTER TABLE rooms DROP name",
        "ALTER TABLE IF EXISTS ONLY public.rooms DROP name",
        "ALTER INDEX rooms_name RENAME TO x",
        "DROP TABLE IF EXISTS notes, rooms",
        "DROP INDEX rooms_name",
        "DROP TRIGGER t ON rooms",
        "TRUNCATE rooms",
        "LOCK TABLE rooms",
        "REINDEX TABLE rooms",
        "CREATE UNIQUE INDEX IF NOT EXISTS x ON rooms (name)",
        "CREATE OR REPLACE TRIGGER t BEFORE UPDATE ON rooms EXECUTE FUNCTION f()",
        "CREATE TABLE more (room int REFERENCES rooms)",
        "CREATE TABLE more PARTITION OF rooms DEFAULT",
        "DROP TABLE nowhere",
        "DROP FUNCTION f()",
        "ALTER TYPE state ADD VALUE 'x'",
    ],
)
def test_a_change_of_the_schema_that_did_not_run_is_told(act: str) -> None:
    one, *_more = found(Kind.UNTAKEN, did(_do(f"{_IF} {act}; END IF;")))
    assert "runs or not by EXISTS(SELECT FROM notes)" in one.detail
    assert found(Kind.UNTAKEN, did(_do(f"{act};"))) == []


@pytest.mark.parametrize(
    "act",
    [
        "CREATE TYPE x AS ENUM ('a')",
        "CREATE TABLE more (id int)",
        "CREATE ROLE x",
        "ALTER ROLE x LOGIN",
        "GRANT SELECT ON rooms TO x",
        "COMMENT ON TABLE rooms IS 'x'",
        "INSERT INTO rooms VALUES (1)",
        "PERFORM setval('x', 1)",
        "ALTER TABLE fresh ADD x int; CREATE TABLE fresh (id int)",
        "RAISE NOTICE 'ALTER TABLE rooms'",
        "EXECUTE 'CREATE ROLE x'",
        "EXECUTE format('COMMENT ON TABLE rooms IS %L', 'x')",
    ],
)
def test_what_hurts_nobody_is_not(act: str) -> None:
    assert found(Kind.UNTAKEN, did(_do(f"{_IF} {act}; END IF;"))) == []


def test_a_lock_or_a_change_that_nothing_else_explains_shows_that_it_ran() -> None:
    sql = _do(f"{_IF} ALTER TABLE rooms ADD more int; END IF;")
    assert len(found(Kind.UNTAKEN, did(sql))) == 1
    assert found(Kind.UNTAKEN, did(sql, **ALONE)) == []
    held = did("LOCK TABLE rooms", **ALONE)
    assert len(found(Kind.UNTAKEN, held, did(sql, **ALONE))) == 1, "the lock was there before"
    assert found(Kind.UNTAKEN, held, did(sql, with_column(BASE, 3), **ALONE)) == []


def test_what_another_branch_explains_shows_nothing() -> None:
    both = _do(f"ALTER TABLE rooms ALTER name DROP DEFAULT; {_IF} ALTER TABLE rooms ADD more int; END IF;")
    assert len(found(Kind.UNTAKEN, did(both, **ALONE))) == 1
    assert found(Kind.UNTAKEN, did(both, with_column(BASE, 3), **ALONE)) == []
    rows = {ROOMS: Rows(updated=20)}
    both = _do(f"UPDATE rooms SET name = ''; {_IF} DELETE FROM rooms; END IF;")
    assert len(found(Kind.UNMET_DELETE, did(both, rows=rows))) == 1
    rows = {ROOMS: Rows(updated=20, deleted=1)}
    assert found(Kind.UNMET_DELETE, did(both, rows=rows)) == []


@pytest.mark.parametrize("language", ["LANGUAGE plpython3u", "LANGUAGE plperl"])
def test_a_body_that_cannot_be_read_is_told_where_it_may_hurt(language: str) -> None:
    assert len(found(Kind.UNTAKEN, did(_do("DROP TABLE rooms;", language)))) == 1
    assert found(Kind.UNTAKEN, did(_do("RAISE NOTICE 'x';", language))) == []


def test_what_is_met_by_no_row_is_told_once() -> None:
    sql = _do(f"{_IF} DELETE FROM rooms; END IF;")
    assert len(found(Kind.UNMET_DELETE, did(sql, locks={ROOMS: LockMode.ROW_EXCLUSIVE}))) == 1


def test_what_is_called_runs_by_what_calls_it() -> None:
    made = did("CREATE FUNCTION tidy() RETURNS void LANGUAGE plpgsql AS $$ BEGIN TRUNCATE rooms; END $$")
    assert found(Kind.UNTAKEN, made, did("SELECT tidy()")) == []
    (one,) = found(Kind.UNTAKEN, made, did("SELECT tidy() FROM notes"))
    assert "runs or not by SELECT tidy() FROM notes" in one.detail
    again = "PERFORM outer_one(); " * 50
    deep = did(f"CREATE FUNCTION outer_one() RETURNS void LANGUAGE plpgsql AS 'BEGIN {again} END'")
    assert found(Kind.UNTAKEN, deep, did("SELECT outer_one()")) == []


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("CREATE PROCEDURE tidy() LANGUAGE sql BEGIN ATOMIC DELETE FROM rooms; END", Kind.UNMET_DELETE),
        ("CREATE PROCEDURE tidy() LANGUAGE sql AS 'DELETE FROM rooms'", Kind.UNMET_DELETE),
        ("SELECT 1", Kind.UNTAKEN),
    ],
)
def test_a_procedure_is_followed_where_it_is_made_and_else_unknown(made: str, told: Kind) -> None:
    called = did(_do(f"{_IF} CALL tidy(); END IF;"))
    hidden = [one for one in hazards(trace(did(made), called)) if one.kind in {Kind.UNTAKEN, told}]
    assert [one.kind for one in hidden] == [told]


@pytest.mark.parametrize("quoted", ["'{}'", "E'{}'", "E'\\n{}'", "$x${}$x$"])
def test_a_block_is_read_however_it_is_quoted(quoted: str) -> None:
    sql = "DO " + quoted.format(f"BEGIN {_IF} DROP TABLE rooms; END IF; END")
    assert len(found(Kind.UNTAKEN, did(sql))) == 1


def test_more_than_can_be_followed_is_told_as_one() -> None:
    many = _do("".join(f"{_IF} DROP TABLE a{number}; END IF;" for number in range(501)))
    (one,) = found(Kind.UNTAKEN, did(many))
    assert one.detail.startswith("501 statements")


def test_from_empty_a_loop_over_the_catalogue_that_ran_is_seen() -> None:
    loop = "FOR r IN SELECT relname FROM pg_class LOOP EXECUTE format('ALTER TABLE %I ADD x int', r.relname);"
    sql = f"DO $$ DECLARE r record; BEGIN {loop} END LOOP; END $$"
    ran = trace(did(sql, with_column(BASE, 3), **ALONE)), trace(did(sql))
    for live, told in ((True, [0, 0]), (False, [0, 1])):
        hidden = [[one for one in hazards(each, live=live) if one.kind is Kind.UNTAKEN] for each in ran]
        assert [len(one) for one in hidden] == told
