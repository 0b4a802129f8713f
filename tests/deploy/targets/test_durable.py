import errno
import os
from pathlib import Path

import pytest

from hotelctl.deploy.targets import durable


def test_what_is_written_is_read_and_nothing_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    durable.write_json(path, {"a": 1})
    durable.write_json(path, {"a": 2})
    assert durable.read_json(path) == {"a": 2}
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.json"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_mode_holds_also_over_what_a_kill_left(tmp_path: Path) -> None:
    path = tmp_path / "x"
    durable.part(path).write_bytes(b"half of something longer")
    durable.part(path).chmod(0o666)
    durable.write(path, b"whole")
    assert path.read_bytes() == b"whole"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_the_old_content_and_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "x"
    durable.write(path, b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        durable.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_reader_never_sees_a_half(tmp_path: Path) -> None:
    path = tmp_path / "x"
    durable.write(path, b"old")
    with path.open("rb") as reader:
        durable.write(path, b"new")
        assert reader.read() == b"old"


def test_what_is_no_mapping_is_none(tmp_path: Path) -> None:
    for content in (b"", b"{", b"[1]", b"\xff"):
        (tmp_path / "x").write_bytes(content)
        assert durable.read_json(tmp_path / "x") is None
    assert durable.read_json(tmp_path / "absent") is None
    assert durable.read_json(tmp_path / "x" / "below a file") is None


def test_remove_takes_the_half_written_one_too(tmp_path: Path) -> None:
    path = tmp_path / "x"
    durable.write(path, b"1")
    durable.part(path).write_bytes(b"2")
    durable.remove(path)
    durable.remove(path)
    assert list(tmp_path.iterdir()) == []
