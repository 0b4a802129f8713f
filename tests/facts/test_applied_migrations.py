import json
from pathlib import Path

import pytest

from hotelctl.core.errors import UsageError
from hotelctl.facts.applied_migrations import Applied, below, database_key, merged, notes_of, to_json
from hotelctl.facts.state_file import read_again

_A = Applied("a", "m/a.py", "1" * 64, (), "d1", "c" * 40, "2026-03-01T12:00:00+00:00")
_B = Applied("b", "m/b.py", "2" * 64, ("a",), "d2", "c" * 40, "2026-03-02T12:00:00+00:00", seen=True)


def test_notes_are_the_same_when_they_are_read_again() -> None:
    notes = {"k": {"a": _A, "b": _B}, "other": {"a": _B}}
    notes["other"]["a"] = Applied("a", "m/a.py", "3" * 64)
    assert notes_of(json.loads(json.dumps(to_json(notes)))) == notes


@pytest.mark.parametrize("text", ["[]", "7", '{"k": []}', '{"k": {"a": {}}}', '{"k": {"a": 7}}', "{", ""])
def test_anything_else_is_a_spoilt_file(text: str) -> None:
    with pytest.raises(UsageError, match=r"applied\.json: cannot be read"):
        read_again(Path("applied.json"), text.encode(), notes_of, "")


def test_what_was_applied_wins_and_what_was_seen_only_fills_gaps() -> None:
    newer = Applied("a", "m/a.py", "9" * 64, deploy="d9")
    assert merged({"k": {"a": _A}}, "k", [newer], []) == {"k": {"a": newer}}
    assert merged({"k": {"a": _A}}, "k", [], [newer, _B]) == {"k": {"a": _A, "b": _B}}
    assert merged({"k": {"a": _A}}, "other", [newer], []) == {"k": {"a": _A}, "other": {"a": newer}}


def test_what_a_revision_stands_on_is_there_too_though_its_file_is_gone() -> None:
    assert below(["c"], {"c": ("b", "x"), "b": ("a",), "d": ("c",)}) == {"a", "b", "c", "x"}
    assert below((), {"c": ("b",)}) == frozenset()
    assert below(["a"], {"a": ("b",), "b": ("a",)}) == {"a", "b"}


def test_two_databases_have_two_keys() -> None:
    assert len({database_key("db.invalid /a"), database_key("db.invalid /b")}) == 2
