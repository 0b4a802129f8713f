import errno
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hotelctl.adapters.disk import alone_in, make_directories, sync_tree, writing
from hotelctl.core.errors import HotelctlError, StepFailed, UsageError


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, StepFailed, "no space is left on the disk"),
        (errno.EDQUOT, StepFailed, "the disk quota is used up"),
        (errno.EACCES, UsageError, "cannot be written: permission denied"),
        (errno.EROFS, UsageError, "cannot be written: read-only file system"),
        (errno.ENOTDIR, UsageError, "cannot be written: not a directory"),
    ],
)
def test_a_refusal_is_one_line_that_names_path_and_remedy(
    tmp_path: Path, number: int, kind: type[HotelctlError], words: str
) -> None:
    path = tmp_path / "absent" / "file"
    with pytest.raises(kind) as refused, writing(path):
        raise OSError(number, os.strerror(number))
    assert refused.value.message == f"{path}: {words}"
    assert "\n" not in refused.value.hint
    assert refused.value.hint


def test_an_unexpected_error_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Input/output") as kept, writing(tmp_path):
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    assert kept.value.errno == errno.EIO


def test_directories_are_made_with_parents_and_the_last_has_the_mode(tmp_path: Path) -> None:
    make_directories(tmp_path / "a" / "b", 0o700)
    make_directories(tmp_path / "a" / "b", 0o755)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o755


def test_a_tree_is_synced_file_by_file_and_dangling_links_do_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "file").write_text("x")
    (tmp_path / "link").symlink_to("nowhere")
    synced: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(Path(f"/proc/self/fd/{number}").readlink()))
    sync_tree(tmp_path)
    assert set(synced) == {tmp_path, tmp_path / "sub", tmp_path / "sub" / "file"}


def test_files_of_a_tree_are_synced_several_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=20)
    for name in ("one", "two"):
        (tmp_path / name).write_text("x")

    def synced(number: int) -> None:
        if Path(f"/proc/self/fd/{number}").readlink() != tmp_path:
            both.wait()

    monkeypatch.setattr(os, "fsync", synced)
    sync_tree(tmp_path)
    assert not both.broken


def test_a_disk_that_refuses_to_sync_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").write_text("x")

    def refused(_number: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refused)
    with pytest.raises(OSError, match="Input/output error"):
        sync_tree(tmp_path)


def test_one_at_a_time_is_alone_in_a_directory(tmp_path: Path) -> None:
    order: list[str] = []
    with ThreadPoolExecutor() as pool:
        with alone_in(tmp_path):
            waiting = pool.submit(_noting, tmp_path, order)
            time.sleep(0.1)
            order.append("first")
        waiting.result(60)
    assert order == ["first", "second"]


def _noting(place: Path, order: list[str]) -> None:
    with alone_in(place):
        order.append("second")
