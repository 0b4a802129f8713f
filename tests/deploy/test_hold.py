"""The frozen state over a disk in memory."""

import pytest

from hotelctl.core.errors import Diverged, Frozen, UsageError
from hotelctl.deploy.hold import freeze, frozen, release, require_unfrozen
from hotelctl.deploy.journal import Kind
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.operation import Operation
from tests.deploy.town import STATE, Town
from tests.deploy.town_command import Command

_LAYOUT = Layout(STATE)


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def stuck(town: Town) -> Operation:
    """A deploy whose switch failed for good."""
    operation = Command(town).operation("d1", "a" * 40)
    operation.journal.append("", Kind.NOTE, {"operation": "deploy", "commit": "a" * 40})
    operation.journal.append("switch", Kind.FAIL, {"message": "stuck", "frozen": True})
    return operation


def test_at_first_nothing_is_frozen_and_looking_writes_nothing(town: Town) -> None:
    assert frozen(_LAYOUT, town.files) is None
    require_unfrozen(_LAYOUT, town.files)
    assert not town.files.content


def test_what_is_frozen_names_operation_step_reason_and_time(town: Town, stuck: Operation) -> None:
    freeze(stuck)
    said = frozen(_LAYOUT, town.files)
    assert said is not None
    assert (said["operation"], said["step"], said["reason"]) == ("d1", "switch", "stuck")
    with pytest.raises(Frozen, match="frozen since 2026-03-01T12:00:00: d1, step switch: stuck") as refused:
        require_unfrozen(_LAYOUT, town.files)
    assert "hotelctl resolve" in refused.value.hint


def test_a_person_ends_it_and_it_stays_so(town: Town, stuck: Operation) -> None:
    freeze(stuck)
    said = release(_LAYOUT, town.files, town.clock, "looked at it", None)
    assert (said["operation"], said["reason"], said["resolved"]) == ("d1", "stuck", "looked at it")
    assert [one["resolved"] for one in town.files.append_log(_LAYOUT.resolved()).records()] == [
        "looked at it"
    ]
    freeze(stuck)
    require_unfrozen(_LAYOUT, town.files)


def test_a_divergence_is_kept_with_its_reason_though_nothing_was_frozen(town: Town) -> None:
    said = release(_LAYOUT, town.files, town.clock, "a wrong script", Diverged("points at 'x'"))
    assert (said["diverged"], said["resolved"]) == ("points at 'x'", "a wrong script")
    assert "operation" not in said


@pytest.mark.parametrize("data", [b"", b'{"op', b"[]", b"{}", b"\xff", b'{"operation": "d1"}'], ids=str)
def test_a_spoilt_hold_holds_and_names_its_file_until_a_person_ends_it(town: Town, data: bytes) -> None:
    town.files.write_durable(_LAYOUT.frozen(), data)
    name = _LAYOUT.frozen().relative_to(STATE.parent.parent)
    with pytest.raises(Frozen, match=f"frozen: {name}: cannot be read: it ") as refused:
        require_unfrozen(_LAYOUT, town.files)
    assert (refused.value.exit_code, "hotelctl resolve --reason" in refused.value.hint) == (12, True)
    said = release(_LAYOUT, town.files, town.clock, "looked at it", None)
    assert (said["reason"].startswith(f"{name}: "), said["resolved"]) == (True, "looked at it")
    require_unfrozen(_LAYOUT, town.files)


def test_a_spoilt_list_of_resolutions_keeps_the_hold_and_names_line_and_remedy(
    town: Town, stuck: Operation
) -> None:
    freeze(stuck)
    town.files.write_durable(_LAYOUT.resolved(), b"nonsense\n")
    with pytest.raises(UsageError, match=r"resolved.jsonl:1: cannot be read: is not JSON") as refused:
        release(_LAYOUT, town.files, town.clock, "looked at it", None)
    assert refused.value.hint.startswith("keep it under another name, then again: mv ")
    assert frozen(_LAYOUT, town.files)
    freeze(stuck)
    assert town.files.content[_LAYOUT.resolved()] == b"nonsense\n"
