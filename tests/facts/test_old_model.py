import json
from typing import Any

import pytest

from hotelctl.facts.old_model import Drift, Gap, drift, model_gaps


def told(kind: str, table: str = "notes", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as it is told
    return {"kind": kind, "table": table, **more}


def gaps(*after: dict[str, Any], before: tuple[dict[str, Any], ...] = ()) -> tuple[Gap, ...]:
    return model_gaps(json.dumps(before), json.dumps([*before, *after]))


@pytest.mark.parametrize(
    ("one", "sqlstate", "certain"),
    [
        (told("add_table", other=False), "42P01", True),
        (told("add_column", name="text", required=False), "42703", True),
        (told("remove_column", name="kind", required=True), "23502", True),
        # A view may answer, values may always be there, nobody may write twice or ask for a conflict.
        (told("add_table", other=True), "42809", False),
        (told("modify_nullable", name="text", required=True), "23502", False),
        (told("remove_index", name="text", unique=True), "23505", False),
        (told("remove_constraint", name="text", unique=True), "23505", False),
        (told("add_index", name="text", unique=True), "42P10", False),
        (told("add_constraint", name="text", unique=True), "42P10", False),
        (told("remove_fk", name="owner", unique=False), "23503", False),
    ],
)
def test_a_difference_is_read_backwards(one: dict[str, Any], sqlstate: str, certain: bool) -> None:  # noqa: FBT001 - of a table
    (gap,) = gaps(one)
    assert (gap.table, gap.sqlstate, gap.certain) == ("notes", sqlstate, certain)
    assert "notes" in gap.words


@pytest.mark.parametrize(
    "one",
    [
        told("remove_table", other=True),
        told("remove_column", name="kind", required=False),
        told("modify_nullable", name="text", required=False),
        told("add_index", name="text", unique=False),
        told("remove_index", name="text", unique=False),
        told("add_fk", name="owner", unique=False),
    ],
)
def test_what_leaves_an_old_release_alone_is_no_gap(one: dict[str, Any]) -> None:
    assert gaps(one) == ()


def test_what_differed_before_came_by_no_migration() -> None:
    assert gaps(before=(told("add_column", name="text", required=False),)) == ()


def test_an_index_over_a_column_that_went_is_told_of_the_column() -> None:
    gone = told("add_column", name="text", required=False)
    assert [one.sqlstate for one in gaps(gone, told("add_index", name="kind, text", unique=True))] == [
        "42703"
    ]
    other = told("add_index", "rooms", name="text", unique=True)
    assert [one.sqlstate for one in gaps(gone, other)] == ["42703", "42P10"]


def test_a_project_without_models_has_no_gap() -> None:
    assert model_gaps("null", "null") == ()


@pytest.mark.parametrize("text", ["", "[1]", '[{"kind": "add_table"}]', "7"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"comparison|Expecting"):
        model_gaps("null", text)


def test_a_table_is_known_by_its_bare_name() -> None:
    assert Gap('app."Notes"', "", "").bare == "Notes"


def test_drift_is_named_by_what_only_one_of_two_comparisons_says() -> None:
    both = told("remove_table", "older", other=True)
    built, live = (
        [both, told("add_column", name="coming", required=False)],
        [both, told("add_table", other=False)],
    )
    assert drift(json.dumps(built), json.dumps(live)) == (
        Drift("notes", "table notes is missing"),
        Drift("notes", "not column notes.coming is missing"),
    )
    assert drift(json.dumps(built), json.dumps(built)) == ()
    (other,) = drift("[]", json.dumps([told("modify_type", name="text")]))
    assert other.words == "modify_type notes text"
