"""What the catalogue decides, and what else does."""

import pytest

from hotelctl.facts.plpgsql_body import Body, Guard, body_words, plpgsql_body
from hotelctl.facts.plpgsql_decided import deciding


def _same(text: str, *, live: bool = True) -> bool:
    return deciding(Body(), live=live).words(body_words(text))


@pytest.mark.parametrize("text", ["1 = 1", "coalesce(NULL, true)", "E'a' = 'b'", "$$a$$ <> lower('A')"])
def test_what_is_written_down_decides_anywhere(text: str) -> None:
    assert _same(text)
    assert _same(text, live=False)


@pytest.mark.parametrize(
    "text",
    [
        "NOT EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE a = 'x')",
        "(SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()) = 0",
        "to_regclass('x')::text IS NULL",
        "EXISTS (SELECT FROM pg_catalog.pg_class c, pg_catalog.pg_namespace n WHERE n.oid = c.relnamespace)",
        "EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = 'rooms'::regclass AND NOT attisdropped)",
        "'x' = ANY (enum_range(NULL::state)::text[])",
        "EXISTS (WITH a AS (SELECT * FROM pg_class) SELECT FROM a WHERE relkind = 'r'::\"char\")",
        "EXISTS (SELECT FROM (SELECT relname FROM pg_class) x)",
    ],
)
def test_the_catalogue_decides_on_a_copy_of_the_live_schema_alone(text: str) -> None:
    assert _same(text)
    assert not _same(text, live=False)


@pytest.mark.parametrize(
    "text",
    [
        "EXISTS (SELECT FROM rooms)",
        'EXISTS (SELECT FROM "Rooms")',
        "EXISTS (SELECT FROM ONLY public . rooms)",
        "EXISTS (TABLE rooms)",
        "EXISTS (SELECT FROM pg_class) AND EXISTS (TABLE rooms)",
        "EXISTS (SELECT FROM pg_class, rooms)",
        "EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON true, rooms r)",
        "EXISTS (SELECT FROM pg_class a CROSS JOIN LATERAL rooms)",
        "EXISTS (SELECT FROM (rooms CROSS JOIN pg_class))",
        "EXISTS (WITH a AS (SELECT * FROM rooms) SELECT FROM a)",
        "EXISTS (SELECT FROM pg_class WHERE relname = (SELECT name FROM rooms LIMIT 1))",
        "EXISTS (SELECT FROM other.pg_rooms)",
        "EXISTS (SELECT FROM pg_class WHERE pg_relation_size(oid) > 10)",
        "EXISTS (SELECT FROM pg_class WHERE reltuples > 10)",
        "EXISTS (SELECT FROM pg_stat_user_tables)",
        "EXISTS (SELECT FROM pg_class WHERE relname = own())",
        "own() > 1",
        "rooms.name = 'x'",
        "random() > 0.5",
        "now() > 'x'",
        "CURRENT_DATE > 'x'",
        "version() LIKE 'x'",
        "current_database() = 'x'",
        "current_setting('x') = 'y'",
        "query_to_xml('SELECT * FROM rooms', true, true, '') IS NULL",
    ],
)
def test_rows_and_what_is_another_there_do_not(text: str) -> None:
    assert not _same(text)


@pytest.mark.parametrize(
    ("errors", "same"),
    [
        ("duplicate_object", True),
        ("undefined_table OR duplicate_column", True),
        ("SQLSTATE '42710'", True),
        ("others", False),
        ("duplicate_object OR unique_violation", False),
        ("SQLSTATE '23505'", False),
    ],
)
def test_errors_that_the_schema_brings_are_the_same_there(errors: str, same: bool) -> None:  # noqa: FBT001 - what is told
    guard = Guard(body_words(errors), handler=True)
    assert deciding(Body(), live=True).guard(guard) is same
    assert not deciding(Body(), live=False).guard(guard)


@pytest.mark.parametrize(
    ("body", "is_open"),
    [
        ("n := 1;", False),
        ("SELECT count(*) INTO n FROM pg_class;", False),
        ("SELECT count(*) INTO STRICT n FROM rooms;", True),
        ("n := (SELECT count(*) FROM rooms);", True),
        ("m := own(); n := m;", True),
        ("IF EXISTS (SELECT FROM rooms) THEN n := 1; END IF;", True),
        ("BEGIN n := 1; EXCEPTION WHEN others THEN NULL; END;", True),
        ("FOR n IN SELECT id FROM rooms LOOP NULL; END LOOP;", True),
        ("EXECUTE 'SELECT 1' INTO n;", True),
        ("UPDATE rooms SET id = 1; GET DIAGNOSTICS n = ROW_COUNT;", True),
        ("UPDATE rooms SET id = 1; IF FOUND THEN n := 1; END IF;", True),
        ("DELETE FROM rooms RETURNING id INTO n;", True),
    ],
)
def test_a_variable_is_as_open_as_what_it_was_given(body: str, is_open: bool) -> None:  # noqa: FBT001 - what is told
    read = plpgsql_body(f"DECLARE n int; m int; BEGIN {body} END")
    assert deciding(read, live=True).words(("n", ">", "0")) is not is_open


def test_what_a_routine_is_given_is_as_open_as_whoever_gives_it() -> None:
    read = plpgsql_body("BEGIN NULL; END")
    read.names.add("given")
    for words in (("given",), ("$", "1")):
        assert deciding(read, live=True).words(words)
        assert not deciding(read, live=True, given=False).words(words)
