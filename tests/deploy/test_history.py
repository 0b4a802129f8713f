from collections.abc import Mapping
from pathlib import Path

import pytest

from hotelctl.core.errors import Frozen
from hotelctl.deploy.history import past_operations, told_operations, unfinished
from hotelctl.deploy.journal import Journal, Kind, Outcome
from hotelctl.deploy.layout import Layout
from tests.fakes.clock import FakeClock
from tests.fakes.files import FakeFiles

COMMIT = "a" * 12
LAYOUT = Layout(Path("/p/.hotelctl/local"))
A, B, C = (f"20260301T12000{n}000Z-{COMMIT}" for n in range(3))


@pytest.fixture
def files() -> FakeFiles:
    return FakeFiles()


def operation(files: FakeFiles, name: str, outcome: str | None, kind: str = "deploy") -> None:
    """An operation of 100 seconds that came to `outcome`, or is open."""
    clock = FakeClock()
    journal = Journal(files.append_log(LAYOUT.journal(name)), clock, fence=1)
    journal.append("", Kind.NOTE, {"operation": kind})
    clock.advance(5)
    journal.append("build", Kind.INTENT)
    clock.advance(90)
    journal.append("build", Kind.DONE)
    clock.advance(5)
    if outcome is not None:
        journal.append("", Kind.OUTCOME, {"outcome": outcome})


def test_every_operation_is_told_by_its_journal_alone_oldest_first(files: FakeFiles) -> None:
    operation(files, "20260302-b", "rolled_back", "rollback")
    operation(files, "20260301-a", "succeeded")
    first, second = past_operations(LAYOUT, files)
    assert (first.id, first.operation, first.progress.outcome) == (
        "20260301-a",
        "deploy",
        Outcome.SUCCEEDED,
    )
    assert (second.id, second.operation, second.progress.outcome) == (
        "20260302-b",
        "rollback",
        Outcome.ROLLED_BACK,
    )
    assert (first.started_at, first.seconds) == ("2026-03-01T12:00:00+00:00", 100)


def test_one_command_takes_each_journal_apart_once_and_sees_what_was_added(files: FakeFiles) -> None:
    operation(files, "20260301-a", "succeeded")
    operation(files, "20260302-b", None)
    before = past_operations(LAYOUT, files)
    journal = Journal(files.append_log(LAYOUT.journal("20260302-b")), FakeClock(), fence=1)
    journal.append("", Kind.OUTCOME, {"outcome": "succeeded"})
    after = past_operations(LAYOUT, files)
    assert after[0] is before[0]
    assert [one.progress.outcome for one in after] == [Outcome.SUCCEEDED, Outcome.SUCCEEDED]


def test_a_journal_without_one_whole_record_tells_of_nothing(files: FakeFiles) -> None:
    files.write_durable(LAYOUT.journal("a"), b"")
    files.write_durable(LAYOUT.journal("b"), b'{"kind": "no')
    files.make_directory(LAYOUT.deploy("c"))
    assert past_operations(LAYOUT, files) == ()
    assert unfinished(LAYOUT, files) is None


def test_a_torn_tail_is_passed_over_and_left_as_it_is(files: FakeFiles) -> None:
    operation(files, "a", None)
    torn = files.content[LAYOUT.journal("a")] + b'{"half'
    files.write_durable(LAYOUT.journal("a"), torn)
    (past,) = past_operations(LAYOUT, files)
    assert len(past.records) == 3
    assert files.content[LAYOUT.journal("a")] == torn


def test_a_damaged_journal_hides_no_other_silently(files: FakeFiles) -> None:
    operation(files, A, "succeeded")
    operation(files, B, "succeeded")
    path = LAYOUT.journal(A)
    files.write_durable(path, files.content[path].replace(b'"build"', b'"stage"', 1))
    with pytest.raises(Frozen, match=f"the journal of {A} is damaged: line 3: does not follow"):
        past_operations(LAYOUT, files)


def test_a_changed_line_is_damage_also_where_it_makes_no_record(files: FakeFiles) -> None:
    operation(files, A, "succeeded")
    path = LAYOUT.journal(A)
    files.write_durable(path, files.content[path].replace(b'"kind"', b'"kimd"', 1))
    (damaged,) = told_operations(LAYOUT, files).damaged
    assert damaged.why == f"the journal of {A} is damaged: line 2: does not follow the line before it"
    assert damaged.records == ()


def test_an_old_damaged_one_is_needed_until_a_later_switch_is_done(files: FakeFiles) -> None:
    operation(files, A, "succeeded")
    path = LAYOUT.journal(A)
    files.write_durable(path, files.content[path].replace(b'"build"', b'"stage"', 1))
    operation(files, B, "stopped")
    with pytest.raises(Frozen, match=f"the journal of {A} is damaged: line 3"):
        past_operations(LAYOUT, files)
    log = Journal(files.append_log(LAYOUT.journal(C)), FakeClock(), fence=2)
    log.append("switch", Kind.DONE)
    with pytest.raises(Frozen):
        past_operations(LAYOUT, files)
    log.append("", Kind.OUTCOME, {"outcome": "succeeded"})
    assert [past.id for past in past_operations(LAYOUT, files)] == [B, C]
    told = told_operations(LAYOUT, files)
    assert [past.id for past in told.pasts] == [B, C]
    (damaged,) = told.damaged
    assert damaged.why == f"the journal of {A} is damaged: line 3: does not follow the line before it"
    assert [record.seq for record in damaged.records] == [1, 2]
    newest = LAYOUT.journal(C)
    files.write_durable(newest, b"x" + files.content[newest])
    with pytest.raises(Frozen, match=f"the journal of {C} is damaged: line 1: is not JSON"):
        past_operations(LAYOUT, files)


@pytest.mark.parametrize("record", [{"kind": "note"}, {"step": "build", "kind": "dance"}], ids=str)
def test_a_record_of_another_hotelctl_needs_a_person(files: FakeFiles, record: Mapping[str, str]) -> None:
    files.append_log(LAYOUT.journal(A)).append(record)
    with pytest.raises(Frozen, match=f"the journal of {A} holds what this hotelctl does not know: "):
        past_operations(LAYOUT, files)


def test_the_unfinished_one_is_the_newest_without_an_outcome(files: FakeFiles) -> None:
    operation(files, "a", None)
    operation(files, "b", None)
    operation(files, "c", "stopped")
    found = unfinished(LAYOUT, files)
    assert found is not None
    assert (found.id, list(found.progress.done)) == ("b", ["build"])


def test_where_all_came_to_an_end_none_is_unfinished(files: FakeFiles) -> None:
    for name, outcome in (("a", "succeeded"), ("b", "frozen"), ("c", "stopped")):
        operation(files, name, outcome)
    assert unfinished(LAYOUT, files) is None


def test_another_environment_is_another_history(files: FakeFiles) -> None:
    operation(files, "a", None)
    assert past_operations(Layout(LAYOUT.state.with_name("staging")), files) == ()


@pytest.mark.parametrize("name", ["old", "lost+found", "tmp", f"{A}.bak", "99999999T999999999Z-aaaaaaaaaaaa"])
@pytest.mark.parametrize("data", [b"", b"garbage\n", b"\xff\n"])
def test_what_is_no_operation_does_not_count(files: FakeFiles, name: str, data: bytes) -> None:
    operation(files, A, "succeeded")
    files.write_durable(LAYOUT.journal(name), data)
    assert [past.id for past in past_operations(LAYOUT, files)] == [A]
    assert told_operations(LAYOUT, files).damaged == ()


def test_a_copy_that_somebody_put_aside_is_no_second_operation(files: FakeFiles) -> None:
    journal = Journal(files.append_log(LAYOUT.journal(A)), FakeClock(), fence=1)
    journal.append("", Kind.NOTE, {"operation": "deploy", "id": A})
    files.write_durable(LAYOUT.journal("old"), files.content[LAYOUT.journal(A)])
    assert [past.id for past in past_operations(LAYOUT, files)] == [A]
    files.write_durable(LAYOUT.journal("old"), files.content[LAYOUT.journal(A)] + b"garbage\n")
    assert told_operations(LAYOUT, files).damaged == ()
