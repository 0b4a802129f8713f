import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hotelctl.adapters.touched import stamp, stamp_of_each

_LATER_NS = 10_000_000_000


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two directories with files, looked at ten seconds after they were written."""
    (tmp_path / "lib" / "deep").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    (tmp_path / "lib" / "deep" / "one.py").write_text("x = 1\n")
    (tmp_path / "lib" / "link").symlink_to("deep/one.py")
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + _LATER_NS)
    return tmp_path


def _of(place: Path) -> str:
    return stamp(place, ("lib", "bin"))


def test_what_nobody_touched_has_the_same_stamp(place: Path) -> None:
    (place / "beside").touch()
    assert _of(place) == _of(place)
    assert len(_of(place)) == 64


def _same_length_and_time(place: Path) -> None:
    path = place / "lib/deep/one.py"
    state = path.stat()
    path.write_text("x = 2\n")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def _replaced(place: Path) -> None:
    other = place / "other"
    other.write_text("x = 1\n")
    other.replace(place / "lib/deep/one.py")


@pytest.mark.parametrize(
    "touch",
    [
        pytest.param(_same_length_and_time, id="other bytes under the old time"),
        pytest.param(_replaced, id="another file of the same bytes"),
        pytest.param(lambda place: (place / "bin/new").touch(), id="a new one"),
        pytest.param(lambda place: (place / "lib/deep/one.py").unlink(), id="one less"),
        pytest.param(lambda place: (place / "lib/deep/one.py").chmod(0o700), id="another mode"),
        pytest.param(lambda place: (place / "lib/deep").rename(place / "lib/other"), id="another name"),
    ],
)
def test_every_touch_is_seen(place: Path, touch: Callable[[Path], object]) -> None:
    before = _of(place)
    touch(place)
    assert _of(place) not in {before, ""}


def test_what_was_written_just_now_has_none(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _of(place)
    monkeypatch.undo()
    assert _of(place) == ""


def test_what_is_not_there_has_none(place: Path) -> None:
    (place / "bin").rmdir()
    assert _of(place) == ""


def test_a_plain_file_has_a_stamp_of_its_own(place: Path) -> None:
    def of_it() -> str:
        return stamp(place / "lib/deep", ("one.py",))

    before = of_it()
    assert len(before) == 64
    _same_length_and_time(place)
    assert of_it() != before


def test_of_each_name_alone_what_is_below_a_directory_does_not_count(place: Path) -> None:
    names = ("lib", "lib/link")
    before = stamp_of_each(place, names)
    (place / "lib" / "deep" / "two.py").touch()
    assert stamp_of_each(place, names) == before
    (place / "lib" / "two.py").touch()
    assert stamp_of_each(place, names) != before
    assert stamp_of_each(place, (*names, "gone")) == ""


def test_what_was_changed_just_now_has_no_stamp_until_it_has_settled(tmp_path: Path) -> None:
    (tmp_path / "new").touch()
    assert stamp_of_each(tmp_path, ("new",)) == ""
    time.sleep(0.02)
    assert len(stamp_of_each(tmp_path, ("new",), 10_000_000)) == 64
