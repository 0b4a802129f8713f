"""Rows that go by way of a view, of a text that a block makes up, or of a procedure, on a real server."""

from pathlib import Path

import pytest

from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.hazards import hazards
from tests.adapters.watching import traces

pytestmark = pytest.mark.database
_VIEW = "CREATE VIEW named AS SELECT id, words FROM notes"
_TRIGGER = """
CREATE VIEW kept AS SELECT id, words FROM notes;
CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN DELETE FROM notes WHERE id = OLD.id; RETURN OLD; END $$;
CREATE TRIGGER gone INSTEAD OF DELETE ON kept FOR EACH ROW EXECUTE FUNCTION gone()
"""
_PROCEDURE = """
CREATE PROCEDURE purge(above int) LANGUAGE plpgsql AS
$$ BEGIN DELETE FROM notes WHERE id > above; {} END $$
"""
_DELETES = "DELETE FROM {} WHERE id > {}"
_MADE = "DO $$ BEGIN EXECUTE 'DELETE FROM ' || 'notes WHERE id > {}'; END $$"


def _told(url: str, place: Path, *steps: str) -> list[Hazard]:
    found = (one for trace in traces(url, place, *steps) for one in hazards(trace))
    return [one for one in found if one.kind in {HazardKind.UNMET_DELETE, HazardKind.DATA_LOSS}]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (_VIEW, _DELETES.format("named", "{}")),
        (_TRIGGER, _DELETES.format("kept", "{}")),
        ("", _MADE),
        (_PROCEDURE.format(""), "CALL purge({})"),
        (_PROCEDURE.format("COMMIT;"), "CALL purge({})"),
    ],
    ids=["view", "view with a trigger", "made up", "procedure", "procedure that commits"],
)
def test_rows_that_go_are_seen_and_where_none_went_that_is_told(
    url: str, tmp_path: Path, before: str, said: str
) -> None:
    steps = [before] if before else []
    (one,) = _told(url, tmp_path, *steps, said.format(99))
    assert one.kind is HazardKind.UNMET_DELETE
    assert one.table.removeprefix("public.") == "notes" or "kept" in one.detail
    gone = _told(url, tmp_path, said.format(5))
    assert [(one.kind, one.table) for one in gone] == [(HazardKind.DATA_LOSS, "public.notes")]


def test_what_a_statement_does_to_a_table_says_nothing_of_the_view_that_it_names_beside(
    url: str, tmp_path: Path
) -> None:
    both = "WITH x AS (UPDATE rooms SET id = id RETURNING id) DELETE FROM named WHERE id > {}"
    (one,) = _told(url, tmp_path, _VIEW, both.format(99))
    assert (one.kind, one.table) == (HazardKind.UNMET_DELETE, "public.notes")
    (one,) = _told(url, tmp_path, both.format(5))
    assert (one.kind, one.table) == (HazardKind.DATA_LOSS, "public.notes")
