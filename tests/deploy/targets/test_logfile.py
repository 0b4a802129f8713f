import os
from pathlib import Path

from hotelctl.deploy.targets import logfile


def test_the_tail_is_the_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert logfile.tail(log) == ""
    log.write_bytes(b"".join(b"line %d \xff\n" % n for n in range(20_000)))
    assert logfile.tail(log, 2) == "line 19998 �\nline 19999 �"
    assert len(logfile.tail(log).splitlines()) == 20


def test_a_line_counts_only_behind_the_offset(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("bye\nstarted\n")
    assert logfile.holds(log, "bye", 0)
    assert not logfile.holds(log, "bye", 4)
    assert logfile.holds(log, "started", 4)
    assert not logfile.holds(log, "started", 4000)
    assert not logfile.holds(tmp_path / "absent", "bye", 0)


def test_a_full_log_is_kept_once_and_the_writer_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "deep" / "log"
    handle = logfile.open_append(log)
    os.write(handle, b"x" * 100)
    assert not logfile.rotate(log, 100)
    os.write(handle, b"x")
    assert logfile.rotate(log, 100)
    os.write(handle, b"after")
    os.close(handle)
    assert log.read_bytes() == b"after"
    assert log.with_name("log.1").read_bytes() == b"x" * 101
    assert log.stat().st_mode & 0o777 == 0o600
