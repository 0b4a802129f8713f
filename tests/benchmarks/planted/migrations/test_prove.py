from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace

import pytest

from benchmarks.planted.migrations import prove
from benchmarks.planted.migrations.cases import (
    BACKFILL,
    CACHED_PLAN,
    HAZARDS,
    HELD_LOCK,
    SCAN,
    MigrationCase,
    cases,
)
from benchmarks.planted.migrations.prove import disagreements, proven
from benchmarks.planted.migrations.shops import Shops, shops

pytestmark = pytest.mark.database

BY_ID = {case.id: case for case in cases()}
# Every hazard, hidden ones, statements that run alone, and what is nearly one of them.
CHOSEN = (
    "type-change-in-a-block",
    "vacuum-full-order-lines",
    "attach-builds-an-index",
    "update-below-a-select",
    "column-and-update-in-a-block",
    "row-waits-for-its-foreign-key",
    "sent-at-whole-seconds",
    "unique-concurrently-over-duplicates",
    "tried-again-in-a-block",
    "batches-that-commit",
    "counted-before-the-lock-in-a-block",
    "validate-a-foreign-key",
    "index-concurrently",
    "refresh-concurrently",
    "timestamps-read-in-utc",
    "new-table-changed-at-once",
)


@pytest.fixture(scope="module")
def shop() -> Iterator[Shops]:
    with shops() as made:
        yield made


@pytest.mark.parametrize("case", [BY_ID[name] for name in CHOSEN], ids=lambda case: case.id)
def test_the_server_shows_what_the_label_says(case: MigrationCase, shop: Shops) -> None:
    assert list(disagreements(case, proven(case, shop))) == []


def test_every_hazard_is_among_the_chosen() -> None:
    assert frozenset().union(*(BY_ID[name].hazards for name in CHOSEN)) == HAZARDS


def test_a_wrong_label_is_told(shop: Shops) -> None:
    case = BY_ID["new-column-then-update"]
    found = proven(case, shop)
    assert set(found) == {BACKFILL, CACHED_PLAN, HELD_LOCK}
    wrong = replace(case, hazards=frozenset({BACKFILL, CACHED_PLAN, SCAN}))
    assert list(disagreements(wrong, found)) == [
        "new-column-then-update: no scan",
        "new-column-then-update: held lock of customers",
    ]
    elsewhere = list(disagreements(replace(case, table="orders"), found))
    assert [line.partition(", but")[0] for line in elsewhere] == [
        "new-column-then-update: orders is not hurt"
    ]


def test_a_migration_that_its_rows_refuse_is_told(shop: Shops) -> None:
    case = replace(
        BY_ID["note-column"], sql="ALTER TABLE stock ADD COLUMN note text NOT NULL;", hazards=frozenset()
    )
    assert list(disagreements(case, proven(case, shop))) == ["note-column: failure on its rows of 23502"]


def test_a_run_ends_with_1_for_any_disagreement(
    shop: Shops, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right = BY_ID["same-type-again"]
    wrong = replace(right, id="wrong", hazards=frozenset({SCAN}))
    monkeypatch.setattr(prove, "shops", lambda: nullcontext(shop))
    monkeypatch.setattr(prove, "cases", lambda: (right, wrong))
    assert prove.main([right.id]) == 0
    assert prove.main([]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "1 cases, 0 disagreements",
        "wrong: no scan",
        "2 cases, 1 disagreements",
    ]
    with pytest.raises(SystemExit, match="no case nowhere"):
        prove.main(["nowhere"])
