"""The rules of going on and taking back, over the real steps in memory."""

from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.config.service import ServiceSpec
from hotelctl.core.errors import Diverged, Frozen, Interrupted, UsageError
from hotelctl.deploy.conduct import (
    Conduct,
    left_open,
    needs_database,
    require_database,
    require_ground,
    settings_mark,
)
from hotelctl.deploy.databases import database_marks
from hotelctl.deploy.history import Past, past_operations
from hotelctl.deploy.hold import frozen
from hotelctl.deploy.journal import Kind, Outcome, Record, fold
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.release import Release
from hotelctl.deploy.traffic import Traffic
from tests.deploy.town import SPEC, STATE, Town
from tests.deploy.town_command import Command
from tests.deploy.town_ports import TownTarget
from tests.deploy.world import Killed

_A, _B = "a" * 40, "b" * 40
_LAYOUT = Layout(STATE)
_CONDUCT = Conduct("ana", lambda: False)
_RELEASE = Release("a", "1", _A, "x", "0", None, {})


def _number(town: Town, name: str, step: str, kind: Kind) -> int:
    """The place of that record in the journal."""
    records = Command(town).operation(name).journal.records()
    return next(record.seq for record in records if (record.step, record.kind) == (step, kind))


def _killed(step: str, kind: Kind) -> Town:
    """`d1` serves; the deploy `d2` was killed behind that record."""
    trial = Town()
    Command(trial).deploy("d1", _A)
    Command(trial).deploy("d2", _B)
    number = _number(trial, "d2", step, kind)
    town = Town()
    Command(town).deploy("d1", _A)
    with pytest.raises(Killed):
        Command(town, number).deploy("d2", _B)
    return town


@pytest.mark.parametrize(
    ("step", "kind", "outcome", "serving"),
    [
        ("build", Kind.DONE, Outcome.STOPPED, "d1"),
        ("switch", Kind.EFFECT, Outcome.STOPPED, "d1"),
        ("switch", Kind.DONE, Outcome.SUCCEEDED, "d2"),
    ],
)
def test_settling_goes_back_before_the_switch_and_forward_after_it(
    step: str, kind: Kind, outcome: Outcome, serving: str
) -> None:
    town = _killed(step, kind)
    operation = Command(town).operation("d2")
    assert _CONDUCT.settle(operation) is outcome
    assert town.serving() == serving
    aborts = [record.data for record in operation.journal.records() if record.kind is Kind.ABORT]
    assert aborts == ([] if outcome is Outcome.SUCCEEDED else [{"by": "ana"}])


def test_an_abort_is_refused_after_the_switch_and_said_once_before_it() -> None:
    with pytest.raises(UsageError, match="d2 has switched traffic, so it can only go on"):
        _CONDUCT.abort(Command(_killed("switch", Kind.DONE)).operation("d2"))
    with pytest.raises(Interrupted) as stopped:
        Conduct("ana", lambda: True).resume(Command(_killed("switch", Kind.DONE)).operation("d2"))
    assert "abort" not in stopped.value.hint
    town = _killed("build", Kind.DONE)
    stopping = Conduct("ana", lambda: True)
    for _ in range(2):
        with pytest.raises(Interrupted):
            stopping.abort(Command(town).operation("d2"))
    assert _CONDUCT.abort(Command(town).operation("d2")) is Outcome.STOPPED
    records = Command(town).operation("d2").journal.records()
    assert [record.kind for record in records].count(Kind.ABORT) == 1


def test_resuming_needs_the_service_file_of_then_until_the_switch() -> None:
    for step, allowed in (("build", False), ("switch", True)):
        town = _killed(step, Kind.DONE)
        operation = Command(town).operation("d2")
        header = {**operation.journal.progress().header, "settings": "of then"}
        first = replace(operation.journal.records()[0], data=header)
        operation.journal._records[0] = first
        if allowed:
            assert _CONDUCT.resume(operation) is Outcome.SUCCEEDED
            continue
        with pytest.raises(UsageError, match="not the one that d2 began with") as refused:
            _CONDUCT.resume(operation)
        assert "check out bbbbbbbbbbbb to go on, or hotelctl abort" in refused.value.hint
        operation.journal._records[0] = replace(
            first, data={**header, "settings": settings_mark(operation.configuration)}
        )
        assert _CONDUCT.resume(operation) is Outcome.SUCCEEDED


class _Later(ServiceSpec):
    """What a newer hotelctl knows of a service file."""

    later: bool = False


def test_the_service_file_is_the_one_of_then_for_a_newer_hotelctl_too() -> None:
    now = Command(_killed("build", Kind.DONE)).operation("d2").configuration
    silent, says = (replace(now, spec=_Later.model_validate(SPEC | more)) for more in ({}, {"later": True}))
    assert settings_mark(silent) == settings_mark(now) != settings_mark(says)


def test_a_frozen_outcome_is_a_hold_also_when_the_command_was_killed_in_between() -> None:
    town = _killed("switch", Kind.DONE)
    operation = Command(town).operation("d2")
    operation.journal.append("finish", Kind.FAIL, {"message": "stuck"})
    operation.journal.append("", Kind.OUTCOME, {"outcome": "frozen"})
    assert _CONDUCT.run(operation) is Outcome.FROZEN
    said = frozen(_LAYOUT, town.files)
    assert said is not None
    assert said["reason"] == "stuck"


def _spoil(town: Town) -> None:
    """Somebody emptied the pointer."""
    town.ground.active = None


def test_a_rollback_to_a_named_release_mends_a_pointer_that_names_none() -> None:
    town = Town()
    Command(town).deploy("d1", _A)
    Command(town).deploy("d2", _B)
    _spoil(town)
    assert Command(town, diverged="garbage").rollback("r1", to="d2") is Outcome.SUCCEEDED
    assert town.serving() == "d2"
    assert Command(town).rollback("r2") is Outcome.SUCCEEDED
    assert town.serving() == "d1"


def test_amid_a_divergence_a_switch_is_never_taken_back_to_nowhere() -> None:
    town = Town()
    Command(town).deploy("d1", _A)
    _spoil(town)
    Command(town, diverged="garbage").rollback("r1", to="d1")
    number = _number(town, "r1", "switch", Kind.EFFECT)
    for durable_flip in (False, True):
        town = Town()
        Command(town).deploy("d1", _A)
        _spoil(town)
        with pytest.raises(Killed):
            Command(town, number + durable_flip, durable=not durable_flip, diverged="garbage").rollback(
                "r1", "d1"
            )
        with pytest.raises(UsageError, match="can only go on"):
            _CONDUCT.abort(Command(town).operation("r1"))
        assert _CONDUCT.settle(Command(town).operation("r1")) is Outcome.SUCCEEDED
        assert town.serving() == "d1"


def test_only_a_rollback_that_says_where_to_begins_amid_a_divergence() -> None:
    diverged = Traffic(None, Diverged("garbage"))
    require_ground(diverged, "rollback", "d1")
    require_ground(Traffic(None), "deploy", None)
    for kind, to in (("rollback", None), ("deploy", None)):
        with pytest.raises(Diverged, match="garbage"):
            require_ground(diverged, kind, to)


def test_another_database_than_then_is_refused() -> None:
    marks = database_marks("db.example /notes", lambda _: "#1")
    began = fold([Record("", Kind.NOTE, marks)])
    require_database(Past("d1", (), began), marks)
    require_database(Past("d1", (), fold([Record("", Kind.NOTE, {"id": "d1"})])), marks)
    for other in ("db.example /other", None):
        with pytest.raises(UsageError, match="d1 began with another database"):
            require_database(Past("d1", (), began), database_marks(other, lambda _: "#2"))


def past(name: str, outcome: str | None) -> Past:
    records: tuple[Record, ...] = (Record("", Kind.NOTE, {"id": name}),)
    if outcome is not None:
        records = (*records, Record("", Kind.OUTCOME, {"outcome": outcome}))
    return Past(name, records, fold(records))


def test_what_counts_as_open_is_the_newest_without_outcome_or_the_newest_without_report() -> None:
    pasts = [past("a", None), past("b", None), past("c", "succeeded")]
    assert left_open(pasts, lambda _name: True) is pasts[1]
    assert left_open(pasts[2:], lambda _name: False) is pasts[2]
    assert left_open(pasts[2:], lambda _name: True) is None
    assert left_open([past("a", "stopped"), pasts[2]], lambda name: name == "c") is None
    assert left_open([], lambda _name: False) is None


def test_the_database_is_needed_by_what_serves_is_open_frozen_or_in_doubt() -> None:
    town = Town()
    assert not needs_database(_LAYOUT, town.files, TownTarget(town))
    Command(town).deploy("d1", _A)
    assert needs_database(_LAYOUT, town.files, TownTarget(town))
    _spoil(town)
    assert needs_database(_LAYOUT, town.files, TownTarget(town))
    open_town = Town()
    with pytest.raises(Killed):
        Command(open_town, 5).deploy("d1", _A)
    assert needs_database(_LAYOUT, open_town.files, TownTarget(open_town))
    held = Town()
    held.files.write_durable(_LAYOUT.frozen(), b"{}")
    assert needs_database(_LAYOUT, held.files, TownTarget(held))


def test_a_damaged_journal_stops_whoever_asks() -> None:
    town = Town()
    Command(town).deploy("d1", _A)
    path: Path = _LAYOUT.journal("d1")
    town.files.content[path] = town.files.content[path].replace(b"build", b"stage", 1)
    with pytest.raises(Frozen, match="the journal of d1 is damaged"):
        needs_database(_LAYOUT, town.files, TownTarget(town))
    assert past_operations(_LAYOUT, Town().files) == ()
