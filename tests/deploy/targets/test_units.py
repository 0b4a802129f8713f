import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.deploy.targets import identity
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.units import Desired, Observed, State, Unit, all_units, load_observed, load_unit

UNIT = Unit("r1", ("run", "--port", "1"), {"A": "1"}, "/", "/log", 20_001, 5.0, "SIGUSR1", (0,), "bye")


def test_a_unit_is_read_as_it_was_stored(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.make()
    wish = replace(UNIT, desired=Desired.DRAINING, wish="w")
    wish.store(places.units)
    replace(UNIT, name="r0").store(places.units)
    assert load_unit(places, "r1") == wish
    assert [unit.name for unit in all_units(places)] == ["r0", "r1"]
    assert load_unit(places, "r9") is None


@pytest.mark.parametrize("data", ["", "x", "[]", '{"name": "r1"}', '{"argv": 1}'])
def test_a_unit_that_nobody_can_read_is_none(tmp_path: Path, data: str) -> None:
    places = Places(tmp_path)
    places.make()
    UNIT.store(places.units)
    (places.units / "old.json").write_text(data)
    assert load_unit(places, "old") is None
    assert [unit.name for unit in all_units(places)] == ["r1"]


def test_fields_of_another_version_do_no_harm(tmp_path: Path) -> None:
    UNIT.store(tmp_path)
    data = json.loads((tmp_path / "r1.json").read_text()) | {"later": 1}
    assert Unit.from_json(data) == UNIT
    seen = Observed("r1", State.RUNNING, "x")
    seen.store(tmp_path)
    (tmp_path / "r1.json").write_text(
        json.dumps(json.loads((tmp_path / "r1.json").read_text()) | {"later": 1})
    )
    assert load_observed(tmp_path, "r1") == replace(seen, home=str(tmp_path))


def test_a_copied_record_is_nobodys(tmp_path: Path) -> None:
    here, copy = tmp_path / "here", tmp_path / "copy"
    here.mkdir()
    Observed("r1", State.RUNNING, "x", pid=os.getpid()).store(here)
    copy.symlink_to(here)
    assert load_observed(copy, "r1") is not None
    copy.unlink()
    shutil.copytree(here, copy)
    assert load_observed(copy, "r1") is None
    assert load_observed(here, "r1") is not None
    old = {key: value for key, value in json.loads((copy / "r1.json").read_text()).items() if key != "home"}
    (copy / "r1.json").write_text(json.dumps(old))
    assert load_observed(copy, "r1") is not None


def test_a_unit_belongs_where_its_directory_lies(tmp_path: Path) -> None:
    mine = replace(UNIT, cwd=str(tmp_path / "state" / "releases" / "r1"))
    assert mine.belongs(tmp_path / "state")
    assert not mine.belongs(tmp_path / "copy")
    assert not mine.belongs(tmp_path / "sta")


@pytest.mark.parametrize("data", [{}, {"argv": 1, "clean_exit": []}, {"argv": [], "clean_exit": []}])
def test_what_is_no_unit_is_refused(data: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Unit.from_json(data)


def test_the_revision_changes_with_what_needs_a_new_start_only() -> None:
    same = (replace(UNIT, desired=Desired.STOPPED), replace(UNIT, wish="w"), replace(UNIT, stop_timeout_s=9))
    other = (
        replace(UNIT, argv=("run",)),
        replace(UNIT, env={"A": "2"}),
        replace(UNIT, cwd="/tmp"),  # noqa: S108 - any other directory
        replace(UNIT, stamp="s"),
    )
    assert {unit.revision for unit in same} == {UNIT.revision}
    assert len({unit.revision for unit in (UNIT, *other)}) == 5


def test_a_process_is_known_by_pid_start_and_boot() -> None:
    pid = os.getpid()
    ticks, boot = identity.start_ticks(pid) or 0, identity.boot_id()
    me = Observed("r1", State.RUNNING, "x", pid=pid, start_ticks=ticks, boot=boot)
    assert me.alive
    assert not replace(me, start_ticks=ticks - 1).alive
    assert not replace(me, boot="another").alive
    assert not replace(me, pid=0).alive
    assert not replace(me, pid=2**22 + 1).alive


def test_a_zombie_is_dead_and_tells_how_it_ended() -> None:
    pid = os.fork()
    if pid == 0:
        os._exit(5)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    ticks = identity.start_ticks(pid) or 0
    assert not identity.alive(pid, ticks, identity.boot_id())
    assert os.waitstatus_to_exitcode(identity.zombie_status(pid, ticks) or 0) == 5
    assert identity.zombie_status(pid, ticks - 1) is None
    os.waitpid(pid, 0)
    assert identity.zombie_status(pid, ticks) is None
    assert identity.start_ticks(pid) is None
