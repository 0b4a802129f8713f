from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from hotelctl.core.chain import GENESIS, digest, encode
from hotelctl.core.errors import Unavailable
from hotelctl.facts.journal_story import read_story, traffic_came
from hotelctl.facts.rehearsal import Rehearsal

_OLD = {"id": "r0", "artifact": "a.whl", "artifact_sha256": "0" * 64}
_NEW = {"id": "r1", "artifact": "a.whl", "artifact_sha256": "1" * 64}


Line = tuple[str, str, dict[str, Any]]


def journal(*records: Line) -> bytes:
    lines, head = [], GENESIS
    for seq, (step, kind, data) in enumerate(records, start=1):
        lines.append(encode({"step": step, "kind": kind, "data": data}, seq, head))
        head = digest(lines[-1])
    return b"".join(lines)


_PROOF = Rehearsal("B", "r0", "0" * 64, "b" * 64, "0001", "0002")
_DEPLOY: tuple[Line, ...] = (
    ("", "note", {"operation": "deploy", "serving": _OLD}),
    ("build", "done", {"release": _NEW}),
    ("backup", "done", {"sha256": "b" * 64}),
    ("prove", "done", {"class": "B", "rehearsal": _PROOF.to_json()}),
    ("migrate", "done", {"to": "0002"}),
    ("switch", "effect", {}),
)
_TAKEN_BACK: tuple[Line, ...] = (("switch", "undone", {}), ("", "outcome", {"outcome": "rolled_back"}))
_OTHERS = ({**_OLD, "id": "r9"}, {**_OLD, "artifact_sha256": "9" * 64})


def _rollback(*lines: Line) -> bytes:
    """From r1 to r0 on schema 0002, as far as `lines` lead."""
    header = ("", "note", {"operation": "rollback", "serving": _NEW})
    return journal(header, ("choose", "done", {"release": _OLD, "revision": "0002"}), *lines)


def test_a_deploy_tells_former_built_and_proof() -> None:
    story = read_story("j", journal(*_DEPLOY))
    assert (story.former, story.built, story.switched, story.outcome) == (_OLD, _NEW, True, None)
    assert (story.proof, story.schema) == (_PROOF, "0002")
    assert story.way_back(_OLD, "0002") == "proved class B: the release runs on the schema after it"


def test_a_proof_on_a_part_of_the_backup_says_so() -> None:
    partly = replace(_PROOF, proved="the schema and all rows of 2 tables").to_json()
    lines = (*(line for line in _DEPLOY if line[0] != "prove"), ("prove", "done", {"rehearsal": partly}))
    assert read_story("j", journal(*lines)).way_back(_OLD, "0002") == (
        "proved class B: the release runs on the schema after it, with the schema and all rows of 2 tables "
        "of the backup"
    )


def test_a_proof_of_another_release_or_schema_or_backup_is_none() -> None:
    story = read_story("j", journal(*_DEPLOY))
    assert [story.way_back(other, "0002") for other in (_NEW, *_OTHERS)] == [None] * 3
    assert story.way_back(_OLD, "0003") is None
    other_backup = tuple(line for line in _DEPLOY if line[0] != "backup")
    assert read_story("j", journal(*other_backup)).way_back(_OLD, "0002") is None


def test_taken_back_is_not_switched_and_shows_the_way_to_what_served() -> None:
    unproven = tuple(line for line in _DEPLOY if line[0] != "prove")
    story = read_story("j", journal(*unproven, *_TAKEN_BACK))
    assert not story.switched
    assert story.way_back(_OLD, "0002") == "was rolled back to it after its switch"
    assert [story.way_back(other, "0002") for other in (_NEW, *_OTHERS)] == [None] * 3
    assert story.way_back(_OLD, "0003") is None


def test_a_rollback_shows_the_way_to_both_its_releases_once_it_switched() -> None:
    assert read_story("j", _rollback()).way_back(_OLD, "0002") is None
    story = read_story("j", _rollback(("switch", "effect", {})))
    assert story.way_back(_OLD, "0002") == "is a rollback to it"
    assert "a rollback away from it" in (story.way_back(_NEW, "0002") or "")
    assert [story.way_back(other, "0002") for other in _OTHERS] == [None] * 2
    assert [story.way_back(one, "0003") for one in (_OLD, _NEW)] == [None] * 2


def test_a_first_deploy_rehearses_nothing() -> None:
    first: tuple[Line, ...] = (
        ("", "note", {"operation": "deploy", "serving": None}),
        ("prove", "done", {"class": "first", "rehearsal": None}),
    )
    assert read_story("j", journal(*first)).way_back(_OLD, None) is None


def test_a_broken_journal_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="line 1"):
        read_story("j", b"nonsense\n")


def test_the_newest_switch_to_a_release_tells_when_traffic_came() -> None:
    lines, head = [], GENESIS
    for seq, (to, minute) in enumerate((("r1", 1), ("r2", 2), ("r1", 3)), start=1):
        at = f"2026-03-01T12:0{minute}:00+00:00"
        record = {"step": "switch", "kind": "effect", "data": {"to": to}, "ts_utc": at}
        lines.append(encode(record, seq, head))
        head = digest(lines[-1])
    data = b"".join(lines)
    assert traffic_came("j", data, "r1") == datetime(2026, 3, 1, 12, 3, tzinfo=UTC)
    assert traffic_came("j", data, "r9") is None
    with pytest.raises(Unavailable, match=r"^j: "):
        traffic_came("j", data[10:], "r1")
