"""A container's lines in the file of its release."""

from pathlib import Path
from typing import cast

from hotelctl.core.containers import Containers
from hotelctl.deploy.targets import container_log

LINES = [(f"2026-01-02T03:04:0{n}.000000000Z", f"line {n}\n".encode()) for n in range(4)]


class Engine:
    """Tells lines of the second that it is asked for again, as engines do."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self.lines: list[tuple[str, bytes]] = []

    def log(self, name: str, since_s: float) -> list[tuple[str, bytes]]:
        assert name == "x"
        self.asked.append(since_s)
        return self.lines


def test_each_line_is_copied_once_however_often_it_is_asked(tmp_path: Path) -> None:
    engine, log = Engine(), tmp_path / "log" / "service.log"
    for lines in (LINES[:2], LINES[1:], []):
        engine.lines = lines
        container_log.copy(cast("Containers", engine), "x", log)
    assert log.read_bytes() == b"line 0\nline 1\nline 2\nline 3\n"
    assert log.stat().st_mode & 0o077 == 0
    assert engine.asked == [0.0, 1767323041.0, 1767323043.0]
