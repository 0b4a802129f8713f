# ruff: noqa: S608 - nothing of it is sent anywhere

import dataclasses
from typing import Any

import pytest

from hotelctl.facts.catalogue import Catalogue, Column, Constraint
from hotelctl.facts.implied_statements import Broken, Implied, Tried, broken, implied
from tests.facts.traces import LEDGER, NOTES, changed, constraint, index, relation

ROOMS, VIEW, PARTS, PART = 10, 50, 60, 61
SMALL = Catalogue(
    relations={ROOMS: relation("rooms"), NOTES: relation("notes"), LEDGER: relation("alembic_version")},
    columns={
        (ROOMS, 1): Column("id", "bigint", not_null=True, default=None),
        (ROOMS, 2): Column("Name", "text", not_null=False, default=None),
        (ROOMS, 3): Column("made", "date", not_null=True, default="now()"),
        (NOTES, 1): Column("id", "bigint", not_null=True, default=None),
        (LEDGER, 1): Column("version_num", "text", not_null=True, default=None),
    },
)


def asked(known: Catalogue = SMALL, of: str = "public.rooms") -> dict[str, str]:
    """The statements of one table, with 20 rows each, by what they do."""
    found = [one for one in implied(known, 20) if one.relation == of]
    assert len({one.does for one in found}) == len(found)
    return {one.does: one.sql for one in found}


def with_column(**fields: Any) -> Catalogue:  # noqa: ANN401 - those of a column
    """The rooms have one column more, which must be there."""
    good: dict[str, Any] = {"not_null": True, "default": None}
    return changed(SMALL, columns={(ROOMS, 4): Column("more", "bigint", **(good | fields))})


def columns_of(sql: str) -> str:
    """The names that a row is made of."""
    return sql.partition(" (")[2].partition(")")[0]


def value(row: int, expression: str) -> str:
    """How the value of that row is written."""
    return f"(SELECT ({expression}) FROM (VALUES ({row}::int8)) v(g))"


def test_a_table_answers_a_read_two_new_rows_a_change_and_a_loss() -> None:
    assert asked() == {
        "SELECT": 'SELECT "id", "Name", "made" FROM public.rooms',
        "INSERT of what is required": f'INSERT INTO public.rooms ("id") VALUES ({value(21, "g")})',
        "INSERT": 'INSERT INTO public.rooms ("id", "Name", "made") VALUES '
        f"({value(21, 'g')}, {value(21, _TEXT)}, {value(21, _DATE)})",
        "UPDATE": 'UPDATE public.rooms SET "id" = "id", "Name" = "Name", "made" = "made" '
        "WHERE ctid = (SELECT ctid FROM public.rooms LIMIT 1)",
        "DELETE": "DELETE FROM public.rooms WHERE ctid = (SELECT ctid FROM public.rooms LIMIT 1)",
    }


_TEXT, _DATE = "'v' || g", "'2020-01-01'::date + g::int"


def test_a_column_that_must_be_there_and_has_no_default_is_required() -> None:
    assert columns_of(asked(with_column())["INSERT of what is required"]) == '"id", "more"'
    for optional in ({"not_null": False}, {"default": "1"}):
        assert columns_of(asked(with_column(**optional))["INSERT of what is required"]) == '"id"'


@pytest.mark.parametrize(
    ("kind", "listed"),
    [
        ("identity d", '"id", "Name", "made", "more"'),
        ("identity a", '"id", "Name", "made"'),
        ("generated s", '"id", "Name", "made"'),
        ("generated v", '"id", "Name", "made"'),
    ],
)
def test_what_the_server_fills_in_is_read_and_set_only_where_that_is_allowed(kind: str, listed: str) -> None:
    statements = asked(with_column(kind=kind))
    assert '"more"' in statements["SELECT"]
    assert columns_of(statements["INSERT"]) == listed
    assert columns_of(statements["INSERT of what is required"]) == '"id"'
    assert ('"more" = ' in statements["UPDATE"]) is ('"more"' in listed)


def test_a_table_of_which_nothing_can_be_set_is_read_and_emptied() -> None:
    column = Column("id", "bigint", not_null=True, default=None, kind="identity a")
    unique = {71: index(NOTES, "CREATE UNIQUE INDEX x ON public.notes USING btree (id)", unique=True)}
    known = changed(SMALL, columns={(NOTES, 1): column}, indexes=unique)
    assert list(asked(known, "public.notes")) == ["SELECT", "DELETE"]


def test_what_refers_to_another_table_refers_to_its_last_row() -> None:
    foreign = Constraint("to", ROOMS, "f", True, "FOREIGN KEY ...", (4,), 0, NOTES)  # noqa: FBT003 - it is valid
    known = changed(with_column(), constraints={70: foreign})
    last, new = value(20, "g"), value(21, "g")
    assert asked(known)["INSERT of what is required"].endswith(f"VALUES ({new}, {last})")
    of_others = dataclasses.replace(foreign, table=NOTES)
    for no_reference in (constraint(ROOMS, columns=(4,)), of_others):
        elsewhere = changed(with_column(), constraints={70: no_reference})
        assert asked(elsewhere)["INSERT of what is required"].endswith(f"VALUES ({new}, {new})")


_ON = "CREATE UNIQUE INDEX x ON public.rooms USING btree"


@pytest.mark.parametrize(
    ("definition", "keys"),
    [(f"{_ON} (id)", "id"), (f'{_ON} (id, "Name")', 'id, "Name"')],
)
def test_a_plain_unique_index_promises_that_a_row_may_be_there_already(definition: str, keys: str) -> None:
    known = changed(SMALL, indexes={71: index(ROOMS, definition, unique=True)})
    statements = asked(known)
    assert statements["INSERT ON CONFLICT"] == f"{statements['INSERT']} ON CONFLICT ({keys}) DO NOTHING"
    assert "INSERT ON CONFLICT" not in asked(known, "public.notes")


@pytest.mark.parametrize(
    ("definition", "unique"),
    [
        (f"{_ON} (id)", False),
        (f"{_ON} (lower(name))", True),
        (f"{_ON} (id) WHERE (made IS NULL)", True),
        (f"{_ON} (id) WHERE made_it", True),
        (f"{_ON} (id) INCLUDE (made)", True),
        (f"{_ON} (id) NULLS NOT DISTINCT", True),
        (f"{_ON} (id) WITH (fillfactor='70')", True),
    ],
)
def test_another_index_promises_no_such_thing(definition: str, unique: bool) -> None:  # noqa: FBT001 - a fact
    known = changed(SMALL, indexes={71: index(ROOMS, definition, unique=unique)})
    assert "INSERT ON CONFLICT" not in asked(known)


@pytest.mark.parametrize("kind", ["v", "m"])
def test_a_view_is_read_only(kind: str) -> None:
    column = {(VIEW, 1): Column("id", "bigint", not_null=False, default=None)}
    known = changed(SMALL, relations={VIEW: relation("seen", kind)}, columns=column)
    assert asked(known, "public.seen") == {"SELECT": 'SELECT "id" FROM public.seen'}


def test_ledgers_partitions_indexes_and_tables_without_columns_promise_nothing() -> None:
    more = {
        PARTS: relation("parts", "p"),
        PART: relation("parts_1", parent=PARTS),
        80: relation("rooms_pkey", "i"),
        81: relation("numbers", "S"),
        82: relation("bare"),
    }
    column = Column("id", "bigint", not_null=True, default=None)
    known = changed(SMALL, relations=more, columns={(one, 1): column for one in (PARTS, PART, 80, 81)})
    names = {one.relation for one in implied(known, 20)}
    assert names == {"public.rooms", "public.notes", "public.parts"}


ONE = Implied("SELECT 1", "SELECT", "public.rooms")
GOOD, REFUSED = Tried(1), Tried(0, "42703", "column does not exist")


@pytest.mark.parametrize(
    ("before", "after", "is_broken"),
    [
        (GOOD, GOOD, False),
        (GOOD, REFUSED, True),
        (GOOD, Tried(0), True),
        (Tried(0), REFUSED, True),
        (REFUSED, REFUSED, False),
        (REFUSED, GOOD, False),
    ],
)
def test_what_went_through_must_end_alike(before: Tried, after: Tried, is_broken: bool) -> None:  # noqa: FBT001 - a fact
    assert broken((ONE,), (before,), (after,)) == ((Broken(ONE, before, after),) if is_broken else ())


def test_endings_of_other_statements_are_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        broken((ONE, ONE), (GOOD,), (GOOD, GOOD))


@pytest.mark.parametrize(
    ("sqlstate", "tightens"), [("23514", True), ("23502", True), ("42703", False), ("", False)]
)
def test_a_value_that_is_refused_tightens(sqlstate: str, tightens: bool) -> None:  # noqa: FBT001 - a fact
    assert Broken(ONE, GOOD, Tried(0, sqlstate)).tightens is tightens


def test_nobody_asks_the_table_of_revisions_whatever_it_is_called() -> None:
    known = changed(SMALL, relations={LEDGER: relation('"Journal"')})
    assert {one.relation for one in implied(known, 20, '"Journal"')} == {"public.rooms", "public.notes"}
    assert {one.relation for one in implied(known, 20)} > {'public."Journal"'}
