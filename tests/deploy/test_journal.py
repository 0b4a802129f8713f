from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.core.chain import ChainBroken
from hotelctl.core.redact import Redactor
from hotelctl.deploy.journal import Journal, Kind, Outcome, fold
from tests.fakes.clock import FakeClock
from tests.fakes.files import FakeFiles

_PATH = Path("/d/journal.jsonl")


def _journal(files: FakeFiles) -> Journal:
    return Journal(files.append_log(_PATH), FakeClock(), fence=7)


def _written() -> FakeFiles:
    files = FakeFiles()
    journal = _journal(files)
    journal.append("", Kind.NOTE, {"operation": "deploy"})
    journal.append("build", Kind.INTENT)
    journal.append("build", Kind.EFFECT, {"made": "x"})
    journal.append("build", Kind.DONE, {"summary": "ok"}, ["ev-0001"])
    return files


def test_what_was_appended_is_read_again_with_fence_time_and_evidence() -> None:
    record = _journal(_written()).records()[-1]
    assert (record.step, record.kind, record.data, record.evidence) == (
        "build",
        Kind.DONE,
        {"summary": "ok"},
        ("ev-0001",),
    )
    assert (record.fence, record.attempt, record.seq) == (7, 1, 4)
    assert record.ts_utc.endswith("+00:00")


def test_the_fold_tells_header_effects_and_done() -> None:
    progress = _journal(_written()).progress()
    assert progress.header == {"operation": "deploy"}
    assert progress.effect("build", "made") == "x"
    assert progress.effect("build", "absent") is None
    assert progress.current is None


def test_a_second_intent_counts_as_the_second_attempt() -> None:
    journal = _journal(FakeFiles())
    journal.append("build", Kind.INTENT)
    assert journal.append("build", Kind.INTENT).attempt == 2
    assert journal.progress().current == "build"


@given(st.integers(min_value=1, max_value=400))
def test_a_torn_last_line_is_cut_and_the_rest_is_kept(missing: int) -> None:
    files = _written()
    data = files.content[_PATH]
    last = len(data.splitlines(keepends=True)[-1])
    files.content[_PATH] = data[: -min(missing, last)]
    journal = _journal(files)
    assert len(journal.records()) == 3
    journal.append("build", Kind.DONE)
    assert len(_journal(files).records()) == 4


@given(st.data())
def test_any_other_changed_byte_is_refused_with_its_line(data: st.DataObject) -> None:
    files = _written()
    content = bytearray(files.content[_PATH])
    inside = len(content.splitlines(keepends=True)[0]) + len(content.splitlines(keepends=True)[1])
    place = data.draw(st.integers(0, inside - 1))
    value = data.draw(st.integers(0, 255).filter(lambda new: new != content[place]))
    content[place] = value
    files.content[_PATH] = bytes(content)
    with pytest.raises(ChainBroken, match=r"line [123]"):
        _journal(files)


def test_an_outcome_is_the_end() -> None:
    journal = _journal(_written())
    journal.append("", Kind.OUTCOME, {"outcome": "succeeded"})
    assert fold(journal.records()).outcome is Outcome.SUCCEEDED


def test_words_for_people_hold_no_secret_and_what_commands_compare_stays_whole() -> None:
    files, redact = FakeFiles(), Redactor(b"key", ["s3cr3t-word"])
    journal = Journal(files.append_log(_PATH), FakeClock(), 1, redact=redact)
    words: dict[str, Any] = {"message": "with s3cr3t-word", "hint": "s3cr3t-word?", "summary": "s3cr3t-word"}
    words |= {"notes": ["s3cr3t-word"]}
    written = journal.append("stage", Kind.FAIL, words | {"to": "d1", "n": 7, "names": ["a"]})
    assert b"s3cr3t-word" not in files.content[_PATH]
    assert written.data["message"] == f"with {redact.mark('s3cr3t-word')}"
    assert (written.data["to"], written.data["n"], written.data["names"]) == ("d1", 7, ["a"])
    failure = _journal(files).progress().failure
    assert failure is not None
    assert failure.message == written.data["message"]


@pytest.mark.parametrize(
    ("header", "said", "ways"),
    [
        ({}, [("build", Kind.DONE, {})], "hotelctl resume goes on, hotelctl abort takes it back"),
        ({}, [("build", Kind.FAIL, {})], "hotelctl resume goes on taking it back"),
        ({}, [("", Kind.ABORT, {})], "hotelctl resume goes on taking it back"),
        (
            {},
            [("switch", Kind.DONE, {})],
            "it can only go on: hotelctl resume; hotelctl rollback goes back afterwards",
        ),
        (
            {"operation": "rollback"},
            [("switch", Kind.DONE, {})],
            "it can only go on: hotelctl resume",
        ),
        (
            {"operation": "rollback", "diverged": "the edge points nowhere"},
            [("switch", Kind.EFFECT, {"to": "d1"})],
            "it can only go on: hotelctl resume",
        ),
    ],
)
def test_only_the_commands_are_named_that_would_not_be_refused(
    header: dict[str, str], said: list[tuple[str, Kind, dict[str, str]]], ways: str
) -> None:
    journal = Journal(FakeFiles().append_log(Path("/j")), FakeClock(), fence=1)
    for step, kind, data in [("", Kind.NOTE, {"operation": "deploy", **header}), *said]:
        journal.append(step, kind, data)
    assert journal.progress().ways_on == ways
