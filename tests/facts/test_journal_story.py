from typing import Any

import pytest

from hotelctl.core.chain import GENESIS, digest, encode
from hotelctl.core.errors import Unavailable
from hotelctl.facts.journal_story import read_story

_OLD = {"id": "r0", "artifact": "a.whl", "artifact_sha256": "0" * 64}
_NEW = {"id": "r1", "artifact": "a.whl", "artifact_sha256": "1" * 64}


Line = tuple[str, str, dict[str, Any]]


def journal(*records: Line) -> bytes:
    lines, head = [], GENESIS
    for seq, (step, kind, data) in enumerate(records, start=1):
        lines.append(encode({"step": step, "kind": kind, "data": data}, seq, head))
        head = digest(lines[-1])
    return b"".join(lines)


_DEPLOY: tuple[Line, ...] = (
    ("", "note", {"operation": "deploy", "serving": _OLD}),
    ("build", "done", {"release": _NEW}),
    ("prove", "done", {"class": "B"}),
    ("switch", "effect", {}),
)


def test_a_deploy_tells_former_built_and_class() -> None:
    story = read_story("j", journal(*_DEPLOY))
    assert (story.former, story.built, story.switched, story.outcome) == (_OLD, _NEW, True, None)
    assert "class B" in (story.rehearsal() or "")


def test_taken_back_is_not_switched_and_is_a_rehearsal() -> None:
    back: tuple[Line, ...] = (("switch", "undone", {}), ("", "outcome", {"outcome": "rolled_back"}))
    story = read_story("j", journal(*_DEPLOY, *back))
    assert not story.switched
    assert story.rehearsal() == "was rolled back after its switch"


def test_a_rollback_is_a_rehearsal_once_it_switched() -> None:
    header = ("", "note", {"operation": "rollback", "serving": _NEW})
    assert read_story("j", journal(header)).rehearsal() is None
    assert read_story("j", journal(header, ("switch", "effect", {}))).rehearsal() == "is a rollback"


def test_a_first_deploy_rehearses_nothing() -> None:
    first: tuple[Line, ...] = (
        ("", "note", {"operation": "deploy", "serving": None}),
        ("prove", "done", {"class": "first"}),
    )
    assert read_story("j", journal(*first)).rehearsal() is None


def test_a_broken_journal_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="line 1"):
        read_story("j", b"nonsense\n")
