from dataclasses import replace

import pytest

from hotelctl.facts.catalogue import Catalogue, Column
from hotelctl.facts.sample_rows import sample_rows
from tests.facts.traces import (
    BASE,
    NEW,
    NOTES,
    ROOMS,
    ROOMS_NAME,
    changed,
    constraint,
    index,
    relation,
    with_column,
)


def statement(column: Column, check: str = "", *more: Column, number: int = 20) -> str:
    """The INSERT for a table of this column, and maybe others."""
    known = Catalogue(
        relations={ROOMS: relation("rooms")},
        columns={(ROOMS, place): one for place, one in enumerate((column, *more), 1)},
        constraints={70: constraint(ROOMS, check, columns=(1,))} if check else {},
        labels={"mood": ("sad", "it's")},
    )
    ((table, sql),) = sample_rows(known, number)
    assert table == ROOMS
    return sql


def column(type_name: str, name: str = "name", kind: str = "") -> Column:
    """One column."""
    return Column(name, type_name, not_null=True, default=None, kind=kind)


_HEAD = 'INSERT INTO public.rooms ("name") SELECT '
_TAIL = " FROM generate_series(1, 20) g"


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("bigint", "(g)"),
        ("integer", "(g::int)"),
        ("text", "('v' || g)"),
        ("character varying", "('v' || g)"),
        ("character varying(5)", "right('v' || g, 5)"),
        ("numeric(6,2)", "(g % (10::numeric ^ 4))::numeric(6,2)"),
        ("numeric", "(g::numeric)"),
        ("boolean", "(g % 2 = 0)"),
        ("uuid", "(md5(g::text)::uuid)"),
        ("timestamp(3) with time zone", "('2020-01-01 00:00+00'::timestamptz + g * interval '1 minute')"),
        ("text[]", "'{}'::text[]"),
        ("mood", "((ARRAY['sad', 'it''s'])[1 + (g - 1) % 2])::mood"),
        ("public.email", "NULL::public.email"),
    ],
)
def test_a_value_goes_by_its_type_and_the_number_of_its_row(type_name: str, value: str) -> None:
    assert statement(column(type_name)) == f"{_HEAD}{value}{_TAIL}"


@pytest.mark.parametrize(
    ("type_name", "check", "value"),
    [
        (
            "text",
            "CHECK ((name = ANY (ARRAY['old'::text, 'it''s'::text])))",
            "((ARRAY['old', 'it''s'])[1 + (g - 1) % 2])::text",
        ),
        (
            "character varying(9)",
            "CHECK (((name)::text = ANY ((ARRAY['old'::character varying])::text[])))",
            "((ARRAY['old'])[1 + (g - 1) % 1])::character varying(9)",
        ),
        ("text", "CHECK ((name <> 'x'::text))", "('v' || g)"),
        ("integer", "CHECK ((name = ANY (ARRAY[1, 2])))", "(g::int)"),
    ],
)
def test_words_that_a_rule_lists_are_taken(type_name: str, check: str, value: str) -> None:
    assert statement(column(type_name), check) == f"{_HEAD}{value}{_TAIL}"


def test_what_the_server_fills_itself_is_left_out() -> None:
    computed = [column("bigint", "key", "identity a"), column("text", "both", "generated s")]
    assert statement(column("bigint"), "", *computed) == f"{_HEAD}(g){_TAIL}"
    assert '"key"' in statement(column("bigint", "key", "identity d"))
    assert statement(computed[0]) == "INSERT INTO public.rooms SELECT FROM generate_series(1, 20)"


def test_a_column_that_may_be_empty_is_in_some_rows() -> None:
    maybe = replace(column("bigint"), not_null=False)
    assert statement(maybe) == f"{_HEAD}CASE WHEN g % 3 > 0 THEN (g) END{_TAIL}"
    usual = replace(column("text"), default="'x'::text")
    assert statement(usual) == f"{_HEAD}CASE WHEN g % 2 = 1 THEN ('x'::text) ELSE ('v' || g) END{_TAIL}"
    counted = replace(column("bigint"), default="nextval('rooms_id_seq'::regclass)")
    assert statement(counted) == f"{_HEAD}(g){_TAIL}"


def test_a_unique_column_and_one_that_refers_are_in_every_row() -> None:
    known = with_column(BASE, not_null=False)
    unique = index(ROOMS, 'CREATE UNIQUE INDEX one ON public.rooms USING btree ("name")', unique=True)
    refers = constraint(ROOMS, "FOREIGN KEY (name) REFERENCES halls(name)", "f")
    for one in (changed(known, indexes={NEW: unique}), changed(known, constraints={NEW: refers})):
        assert "CASE" not in dict(sample_rows(one, 20))[ROOMS]
    assert "CASE" in dict(sample_rows(known, 20))[ROOMS]
    assert "CASE" not in dict(sample_rows(known, 20, plain=True))[ROOMS], "plain rows have a value everywhere"


def test_a_table_may_get_more_than_the_others() -> None:
    found = dict(sample_rows(BASE, 20, {"public.rooms": 7}))
    assert found[ROOMS].endswith("generate_series(1, 7) g")
    assert found[NOTES].endswith("generate_series(1, 20) g")


def test_names_are_quoted_and_the_number_is_the_one_asked_for() -> None:
    assert 'rooms ("a ""b""")' in statement(column("bigint", 'a "b"'))
    assert "generate_series(1, 7)" in statement(column("bigint"), number=7)


def test_partitions_ledgers_and_what_is_no_table_get_none() -> None:
    known = changed(
        BASE,
        relations={
            NEW: relation("stays", "p"),
            41: relation("stays_1", parent=NEW),
            42: relation("seen", "v"),
            43: relation("schema_migrations"),
        },
    )
    assert [table for table, _ in sample_rows(known, 20)] == [ROOMS, NOTES, NEW]


def _joined(many: dict[str, int], *, unique: bool = False, plain: bool = True) -> str:
    """The INSERT into the rooms, which refer to the notes by their second column."""
    key = index(ROOMS, "CREATE UNIQUE INDEX k ON rooms (name)", unique=True)
    known = changed(
        with_column(BASE, type="bigint"),
        constraints={70: replace(constraint(ROOMS, "", "f"), parent=NOTES)},
        indexes={ROOMS_NAME: key} if unique else {},
    )
    return dict(sample_rows(known, 20, many, plain=plain))[ROOMS]


_COMES_AGAIN = "(SELECT (g) FROM (SELECT (g - 1) % {} + 1 AS g) again) FROM generate_series(1, 500) g"


def test_what_refers_to_a_table_of_fewer_rows_refers_to_each_again_and_again() -> None:
    assert _joined({"public.rooms": 500}).endswith(_COMES_AGAIN.format(20))
    assert _joined({"public.rooms": 500, "public.notes": 30}).endswith(_COMES_AGAIN.format(30))
    assert "again" in _joined({"public.rooms": 500}, plain=False)


def test_what_will_refer_to_fewer_rows_is_said_by_the_column() -> None:
    assert _joined({"public.rooms": 500, "public.notes": 500, "public.rooms.name": 7}).endswith(
        _COMES_AGAIN.format(7)
    )


def test_where_there_are_as_many_or_each_may_come_once_nothing_comes_again() -> None:
    assert "again" not in _joined({})
    assert "again" not in _joined({"public.rooms": 500, "public.notes": 500})
    assert "again" not in _joined({"public.rooms": 500}, unique=True)
