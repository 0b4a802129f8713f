import json
from dataclasses import replace
from typing import Any

import pytest

from hotelctl.facts.catalogue import CatalogueReader, Column, Constraint, Index, Relation, catalogue
from hotelctl.facts.implied_statements import implied
from hotelctl.facts.sample_rows import sample_rows
from tests.facts.traces import BASE, LEDGER, NOTES, ROOMS, ROOMS_NAME, changed, constraint, relation

PARENT, FIRST, SECOND = 50, 51, 52
PARTED = changed(
    BASE,
    relations={
        PARENT: relation("stays", "p"),
        FIRST: relation("stays_1", parent=PARENT),
        SECOND: relation("stays_2", parent=PARENT),
        60: relation("seen", "v"),
    },
)


def _answer(parts: dict[str, list[Any]]) -> str:
    return "\n\n".join("\n".join(map(json.dumps, rows)) for rows in parts.values())


def test_it_is_read_from_lists() -> None:
    found = catalogue(
        _answer(
            {
                "relations": [[7, "public.rooms", "r", "p", 70, 2, 0, False, True]],
                "columns": [[7, 1, "name", "text", True, "'x\n\ny'::text", '"C"', "generated s"]],
                "constraints": [[8, "rule", 7, "c", False, "CHECK (true)", None, 0, 9, True]],
                "indexes": [[9, 7, True, False, "CREATE UNIQUE INDEX"]],
                "labels": [["mood", ["sad", "glad"]]],
                "domains": [],
            }
        )
    )
    assert found.relations == {7: Relation("public.rooms", "r", "p", 70, 2, 0, False, True)}  # noqa: FBT003 - a row
    assert found.columns == {
        (7, 1): Column(
            "name", "text", not_null=True, default="'x\n\ny'::text", collation='"C"', kind="generated s"
        )
    }
    assert found.constraints == {
        8: Constraint(
            "rule",
            7,
            "c",
            valid=False,
            definition="CHECK (true)",
            columns=(),
            index=0,
            parent=9,
            deferred=True,
        )
    }
    assert found.indexes == {9: Index(7, unique=True, valid=False, definition="CREATE UNIQUE INDEX")}
    assert (found.labels_of("mood"), found.labels_of("text")) == (("sad", "glad"), ())


def test_a_part_that_is_as_it_was_is_not_made_again() -> None:
    parts: dict[str, list[Any]] = {
        "relations": [[7, "public.rooms", "r", "p", 70, 2, 0, False, True]],
        "columns": [[7, 1, "name", "text", True, None, None, ""]],
        "constraints": [],
        "indexes": [[9, 7, True, False, "CREATE UNIQUE INDEX"]],
        "labels": [["mood", ["sad", "glad"]]],
        "domains": [["short", "text", "CHECK (true)"]],
    }
    reader = CatalogueReader()
    one, same = reader.read(_answer(parts)), reader.read(_answer(parts))
    assert all(getattr(one, name) is getattr(same, name) for name in parts)
    parts["columns"] = [[7, 1, "name", "text", False, None, None, ""]]
    other = reader.read(_answer(parts))
    assert other == catalogue(_answer(parts))
    assert (other.columns == one.columns, other.indexes is one.indexes) == (False, True)


def test_an_object_that_is_as_it_was_is_the_same_beside_another_one() -> None:
    reader = CatalogueReader()
    first, second = [7, 1, "name", "text", True, None, None, ""], [7, 2, "size", "int", True, None, None, ""]
    names = ("relations", "columns", "constraints", "indexes", "labels", "domains")
    parts: dict[str, list[Any]] = {name: [] for name in names}
    one = reader.read(_answer({**parts, "columns": [first, second]}))
    other = reader.read(_answer({**parts, "columns": [second, [*first[:4], False, *first[5:]]]}))
    assert other.columns[7, 2] is one.columns[7, 2]
    assert (one.columns[7, 1].not_null, other.columns[7, 1].not_null) == (True, False)


def test_names_tables_and_whose_an_index_is() -> None:
    assert (PARTED.name(ROOMS), PARTED.name(99)) == ("public.rooms", "relation 99")
    assert set(PARTED.tables) == {ROOMS, NOTES, LEDGER, PARENT, FIRST, SECOND}
    assert (PARTED.table_of(ROOMS_NAME), PARTED.table_of(ROOMS)) == (ROOMS, ROOMS)
    assert set(PARTED.parts(PARENT)) == {FIRST, SECOND}


@pytest.mark.parametrize(
    ("number", "reached"),
    [
        (ROOMS_NAME, {ROOMS}),
        (ROOMS, {ROOMS}),
        (PARENT, {PARENT, FIRST, SECOND}),
        (FIRST, {FIRST, PARENT, SECOND}),
        (99, set()),
    ],
)
def test_whom_a_lock_could_reach(number: int, reached: set[int]) -> None:
    found = list(PARTED.around(number))
    assert (set(found), len(found)) == (reached, len(reached))


def test_what_is_of_each_table_stands_apart() -> None:
    rule = constraint(ROOMS)
    known = changed(PARTED, constraints={70: rule})
    alone = known.by_table()
    assert set(alone) == set(known.relations)
    assert alone[ROOMS].relations == known.relations
    assert set(alone[ROOMS].columns.values()) == {
        column for (table, _), column in known.columns.items() if table == ROOMS
    }
    assert alone[ROOMS].constraints == {70: rule}
    assert {one.table for one in alone[ROOMS].indexes.values()} == {ROOMS}
    assert not alone[60].indexes


def test_rows_and_questions_for_more_tables_cost_no_more_each() -> None:
    """A large schema has thousands of columns: nobody looks through all of them for each table."""

    class Counted(dict[Any, Any]):
        looks = 0

        def items(self) -> Any:  # noqa: ANN401 - a view of any mapping
            self.looks += 1
            return super().items()

        def values(self) -> Any:  # noqa: ANN401 - same
            self.looks += 1
            return super().values()

    columns, constraints, indexes = (Counted(one) for one in (BASE.columns, BASE.constraints, BASE.indexes))
    known = replace(BASE, columns=columns, constraints=constraints, indexes=indexes)
    assert list(sample_rows(known, 2))
    assert implied(known, 2)
    assert (columns.looks, constraints.looks, indexes.looks) == (2, 2, 2)
