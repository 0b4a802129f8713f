import json

import pytest

from hotelctl.facts.catalogue import Column, Constraint, Index, Relation, catalogue
from tests.facts.traces import BASE, LEDGER, NOTES, ROOMS, ROOMS_NAME, changed, relation

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


def test_it_is_read_from_lists() -> None:
    found = catalogue(
        json.dumps(
            {
                "relations": [[7, "public.rooms", "r", "p", 70, 2, 0, False, True]],
                "columns": [[7, 1, "name", "text", True, "'x'::text", '"C"', "generated s"]],
                "constraints": [[8, "rule", 7, "c", False, "CHECK (true)", None, 0, 9, True]],
                "indexes": [[9, 7, True, False, "CREATE UNIQUE INDEX"]],
                "labels": [["mood", ["sad", "glad"]]],
            }
        )
    )
    assert found.relations == {7: Relation("public.rooms", "r", "p", 70, 2, 0, False, True)}  # noqa: FBT003 - a row
    assert found.columns == {
        (7, 1): Column(
            "name", "text", not_null=True, default="'x'::text", collation='"C"', kind="generated s"
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
