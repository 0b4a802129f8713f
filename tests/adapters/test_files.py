import hashlib
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotelctl.adapters.files import LocalFiles
from hotelctl.core.errors import UsageError
from tests.fakes.evidence import FakeEvidence


def test_what_was_read_is_recorded_with_its_digest_and_without_its_content(
    files: LocalFiles, evidence: FakeEvidence, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("hello-secret")
    assert files.read(tmp_path / "a.txt") == b"hello-secret"
    [record] = evidence.of("files")
    assert record["inputs"] == [{"path": "a.txt", "sha256": files.sha256(tmp_path / "a.txt")}]
    assert "hello-secret" not in str(evidence.records)
    assert not evidence.outputs


def test_that_a_file_is_missing_is_evidence_too(
    files: LocalFiles, evidence: FakeEvidence, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        files.read(tmp_path / "absent")
    assert not files.exists(tmp_path / "absent")
    assert [record["found"] for record in evidence.of("files")] == [False, False]


def test_a_durable_write_replaces_the_whole_file_with_its_mode(files: LocalFiles, tmp_path: Path) -> None:
    path = tmp_path / "deep" / "pointer"
    files.write_durable(path, b"one", 0o600)
    files.write_durable(path, b"two", 0o600)
    assert path.read_bytes() == b"two"
    assert files.mode(path) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_the_order_is_file_then_rename_then_directory(
    files: LocalFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    sync, rename = os.fsync, Path.replace

    def note_sync(number: int) -> None:
        place = Path(f"/proc/self/fd/{number}").readlink()
        seen.append("directory" if place.is_dir() else "file")
        sync(number)

    def note_rename(path: Path, target: Path) -> Path:
        seen.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_rename)
    files.write_durable(tmp_path / "pointer", b"x")
    assert seen == ["file", "rename", "directory"]


_FULL = """
import sys
from pathlib import Path
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.core.errors import HotelctlError
from hotelctl.core.redact import Redactor
root = Path(sys.argv[1])
files = LocalFiles(Unrecorded(Redactor(), SystemClock()), root)
files.write_durable(root / "pointer", b"old")
try:
    files.write_durable(root / "pointer", b"n" * 3_000_000)
except HotelctlError as error:
    print(type(error).__name__, error.message, "|", error.hint)
print((root / "pointer").read_bytes(), sorted(p.name for p in root.iterdir()))
"""


def test_a_full_disk_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let a file system be mounted")
    try:
        done = subprocess.run(
            [sys.executable, "-c", _FULL, small], capture_output=True, text=True, check=True, timeout=30
        )
    finally:
        subprocess.run(["umount", small], check=True)
    first, second = done.stdout.splitlines()
    assert first.startswith(f"StepFailed {small}/pointer: no space is left on the disk | make room")
    assert second == "b'old' ['pointer']"


def test_a_refused_write_names_the_path(
    files: LocalFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "fchmod", refuse)
    with pytest.raises(UsageError, match="pointer: cannot be written: permission denied"):
        files.write_durable(tmp_path / "pointer", b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_s_digest_sees_names_contents_and_links(files: LocalFiles, tmp_path: Path) -> None:
    root = tmp_path / "tree"
    (root / "sub").mkdir(parents=True)
    (root / "sub" / "a").write_text("1")
    before = files.sha256(root)
    assert files.sha256(root) == before
    (root / "sub" / "a").rename(root / "sub" / "b")
    renamed = files.sha256(root)
    (root / "sub" / "b").write_text("2")
    changed = files.sha256(root)
    (root / "link").symlink_to("sub")
    assert len({before, renamed, changed, files.sha256(root)}) == 4


def test_remove_takes_a_link_and_leaves_its_target(files: LocalFiles, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "kept").write_text("x")
    (tmp_path / "link").symlink_to("target")
    files.remove(tmp_path / "link")
    files.remove(tmp_path / "link")
    assert (tmp_path / "target" / "kept").exists()
    files.remove(tmp_path / "target")
    assert not files.exists(tmp_path / "target")


def test_looking_around(files: LocalFiles, evidence: FakeEvidence, tmp_path: Path) -> None:
    (tmp_path / "b.sql").write_text("12345")
    (tmp_path / "a.sql").write_text("678")
    assert [path.name for path in files.glob(tmp_path, "*.sql")] == ["a.sql", "b.sql"]
    assert list(files.glob(tmp_path / "absent", "*")) == []
    assert files.size_bytes(tmp_path) == 8
    assert files.size_bytes(tmp_path / "a.sql") == 3
    assert files.free_bytes(tmp_path / "not" / "yet") > 0
    assert [record["operation"] for record in evidence.of("files")] == [
        "glob",
        "glob",
        "size",
        "size",
        "free",
    ]


def test_an_append_log_is_chained(files: LocalFiles, tmp_path: Path) -> None:
    log = files.append_log(tmp_path / "journal.jsonl")
    log.append({"kind": "note"})
    assert files.append_log(tmp_path / "journal.jsonl").records()[0]["kind"] == "note"


def test_digests_of_all_below_the_names_are_one_record(
    files: LocalFiles, evidence: FakeEvidence, tmp_path: Path
) -> None:
    for name in ("pack/deep/a.py", "pack/b.py", "alone.py", "other/c.py"):
        files.write_durable(tmp_path / name, name.encode())
    before = len(evidence.records)
    found = files.digests(tmp_path, ("pack", "alone.py", "absent"))
    assert found == {
        name: hashlib.sha256(name.encode()).hexdigest()
        for name in ("pack/deep/a.py", "pack/b.py", "alone.py")
    }
    (record,) = evidence.records[before:]
    assert (record["operation"], record["files"]) == ("digests", 3)
    files.write_durable(tmp_path / "pack" / "b.py", b"edited")
    files.digests(tmp_path, ("pack", "alone.py"))
    assert evidence.records[-1]["inputs"][0]["sha256"] != record["inputs"][0]["sha256"]


def test_digests_follow_no_link_and_wait_for_no_pipe(files: LocalFiles, tmp_path: Path) -> None:
    files.write_durable(tmp_path / "elsewhere" / "a.py", b"a")
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "a.py").symlink_to(tmp_path / "elsewhere" / "a.py")
    (tmp_path / "pack" / "inner").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "linked").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(tmp_path / "pack" / "pipe")
    Path(os.fsdecode(os.fsencode(tmp_path / "pack") + b"/\xff")).write_bytes(b"")
    assert files.digests(tmp_path, ("pack", "linked")) == {
        "pack/a.py": "link",
        "pack/inner": "link",
        "linked": "link",
        "pack/pipe": "special",
        "pack/\\xff": hashlib.sha256(b"").hexdigest(),
    }


def test_what_may_not_be_read_has_a_word(
    files: LocalFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.write_durable(tmp_path / "a.py", b"a")

    def refuses(*_arguments: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuses)
    assert files.digests(tmp_path, ("a.py",)) == {"a.py": "unreadable"}


def test_a_regular_file_is_told_from_everything_else(files: LocalFiles, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "circle").symlink_to("circle")
    os.mkfifo(tmp_path / "pipe")
    names = ("file", "link", "circle", "pipe", "none", ".")
    assert [files.is_file(tmp_path / name) for name in names] == [True, True, False, False, False, False]


def test_names_are_those_below_entered_directories_up_to_a_limit(
    files: LocalFiles, evidence: FakeEvidence, tmp_path: Path
) -> None:
    for name in ("a/b/one", "a/two", "c/three", "four"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "a" / "around").symlink_to(tmp_path)
    (tmp_path / os.fsdecode(b"bad\xff")).write_text("")
    asked: list[str] = []

    def enter(name: str) -> bool:
        asked.append(name)
        return name != "c"

    assert files.names(tmp_path, enter, 100) == ["a/around", "a/b/one", "a/two", "bad\\xff", "four"]
    assert asked == ["a", "c", "a/b"]
    assert len(files.names(tmp_path, enter, 2)) == 2
    assert files.names(tmp_path / "none", enter, 2) == []
    assert evidence.of("files")[0]["matches"] == 5


def test_contents_are_one_record_and_follow_no_link(
    files: LocalFiles, evidence: FakeEvidence, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_bytes(b"a")
    (tmp_path / "large.py").write_bytes(b"x" * 50_001)
    (tmp_path / "link.py").symlink_to("a.py")
    os.mkfifo(tmp_path / "pipe.py")
    os.mknod(tmp_path / "socket.py", stat.S_IFSOCK | 0o600)
    (tmp_path / "dir.py").mkdir()
    names = ("a.py", "large.py", "link.py", "pipe.py", "socket.py", "dir.py", "absent.py")
    before = len(evidence.records)
    assert files.contents(tmp_path, names, 50_000) == {
        "a.py": b"a",
        "large.py": "has 0.1 MB, above 0.05 MB",
        "link.py": "is a link",
        "pipe.py": "is no plain file",
        "socket.py": "is no plain file",
        "dir.py": "is no plain file",
        "absent.py": "is not there",
    }
    (record,) = evidence.records[before:]
    assert (record["operation"], record["files"]) == ("contents", 7)


def test_the_time_of_the_last_write_is_known_and_recorded(
    files: LocalFiles, evidence: FakeEvidence, tmp_path: Path
) -> None:
    path = tmp_path / "a"
    path.write_text("x")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    assert files.modified_at(path) == datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC)
    assert evidence.records[-1]["operation"] == "modified_at"
    with pytest.raises(FileNotFoundError):
        files.modified_at(tmp_path / "gone")


def test_contents_of_a_name_from_the_root_of_the_disk_are_those_that_lie_there(
    files: LocalFiles, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_bytes(b"a")
    name = str(tmp_path / "a.txt")
    assert files.contents(tmp_path / "elsewhere", [name], 9) == {name: b"a"}
