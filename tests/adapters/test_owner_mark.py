import re
import subprocess
import sys
from pathlib import Path

import pytest

from hotelctl.adapters import owner_mark
from hotelctl.adapters.owner_mark import is_dead, own_mark

_MARK = "from hotelctl.adapters.owner_mark import own_mark; print(own_mark(), flush=True); input()"


def test_a_living_process_is_not_dead_and_an_ended_one_is() -> None:
    assert not is_dead(own_mark())
    with subprocess.Popen(
        [sys.executable, "-c", _MARK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        mark = other.stdout.readline().strip()
        assert not is_dead(mark)
        other.kill()
    assert is_dead(mark)
    assert is_dead(f"{mark}_abcd")


def test_a_later_process_with_the_same_number_is_somebody_else() -> None:
    place, number, start = own_mark().split("_")
    assert is_dead(f"{place}_{number}_{int(start, 16) - 1:x}")


def test_what_another_machine_left_cannot_be_judged_here() -> None:
    _, number, start = own_mark().split("_")
    assert not is_dead(f"000000_{number}_{int(start, 16) - 1:x}")
    assert not is_dead("")
    assert not is_dead("nightly")


@pytest.mark.parametrize("ids", [("a", "boot"), ("", "boot"), (None, "boot")])
def test_a_machine_with_the_same_name_is_another_one(
    ids: tuple[str | None, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = tmp_path / "machine-id", tmp_path / "boot_id"
    for path, said in zip(places, ids, strict=True):
        if said is not None:
            path.write_text(f"{said}\n")
    place, number, start = own_mark().split("_")
    ended = f"{place}_{number}_{int(start, 16) - 1:x}"
    assert is_dead(ended)
    monkeypatch.setattr(owner_mark, "_MACHINES", places)
    assert not is_dead(ended)
    place = own_mark().split("_")[0]
    assert is_dead(f"{place}_{number}_{int(start, 16) - 1:x}")
    places[1].write_text("later boot")
    assert (own_mark().split("_")[0] == place) is (ids[0] == "a")


def test_it_is_short_enough_for_a_database_s_name() -> None:
    assert re.fullmatch(r"[0-9a-f]{6}_[0-9a-f]{1,6}_[0-9a-f]{1,10}", own_mark())
