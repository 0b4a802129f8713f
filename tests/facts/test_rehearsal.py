from dataclasses import replace
from typing import Any

import pytest

from hotelctl.facts.rehearsal import Rehearsal, rehearsal_of

_B = Rehearsal("B", "r0", "0" * 64, "b" * 64, "0001", "0002")


def _done(rehearsal: Rehearsal | None, backup: str | None = "b" * 64) -> dict[str, dict[str, Any]]:
    proof = {"class": "B", **({} if rehearsal is None else {"rehearsal": rehearsal.to_json()})}
    return {"backup": {} if backup is None else {"sha256": backup}, "prove": proof}


def test_it_is_about_one_release_as_built_on_one_schema() -> None:
    assert _B.proves("r0", "0" * 64, "0002")
    for other in (("r9", "0" * 64, "0002"), ("r0", "9" * 64, "0002"), ("r0", "0" * 64, "0001")):
        assert not _B.proves(*other)


def test_it_is_read_again_from_the_steps_of_its_deploy() -> None:
    assert rehearsal_of(_done(_B)) == _B
    without = replace(_B, backup_sha256=None, before=None, after=None)
    assert rehearsal_of(_done(without, None)) == without
    partly = replace(_B, proved="the schema and all rows of 1 table")
    assert rehearsal_of(_done(partly)) == partly


def test_one_from_before_parts_were_proven_is_of_the_whole() -> None:
    done = _done(_B)
    del done["prove"]["rehearsal"]["proved"]
    assert rehearsal_of(done) == _B


@pytest.mark.parametrize(
    "done",
    [
        {},
        _done(None),
        _done(_B, "9" * 64),
        _done(_B, None),
        {"prove": {"class": "first", "rehearsal": None}},
        {"prove": {"class": "B", "rehearsal": _B.to_json()}},
    ],
)
def test_without_a_release_or_on_another_backup_there_is_no_proof(done: dict[str, dict[str, Any]]) -> None:
    assert rehearsal_of(done) is None
