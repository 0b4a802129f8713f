"""An edge of an engine elsewhere, without an engine: what is known of it here."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from hotelctl.config.docker_edge import DockerEdge
from hotelctl.deploy.targets import container_log, far_edge, far_record
from hotelctl.deploy.targets.far_edge import FarEdge
from hotelctl.deploy.targets.far_front import FarFront
from hotelctl.deploy.targets.far_record import FarRecord
from hotelctl.deploy.targets.places import Places


def test_an_environment_may_move_although_who_ended_its_edge_was_killed_just_after(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.make()
    FarRecord("ssh://host", "edge", 8080).store(places)
    engine = SimpleNamespace(find=lambda _: None, engine="ssh://host")
    mooring = SimpleNamespace(name=lambda what: f"notes-local-{what}", digest="abc123")
    front = FarFront(places, DockerEdge(), cast("Any", engine), cast("Any", mooring))
    assert front.end() == ()
    assert far_record.load(places) is None


# What is not yet durable when the engine's host loses its power is told by what lies there at each call.
_SYNC = """#!/bin/sh
echo "$*: $(cat active 2>/dev/null)" >>"$OLDPWD/synced"
exec {real} "$@"
"""


def test_a_switch_is_durable_before_and_after_its_rename(tmp_path: Path) -> None:
    home, programs = tmp_path / "home", tmp_path / "bin"
    home.mkdir()
    programs.mkdir()
    (programs / "sync").write_text(_SYNC.format(real=shutil.which("sync")))
    (programs / "sync").chmod(0o755)
    script = far_edge._FLIP.replace(far_edge.HOME, str(home))
    environ = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    for fence, address in ((1, "a:1"), (2, "b:2")):
        words = ["sh", "-c", script, "flip", str(fence), address]
        subprocess.run(words, cwd=tmp_path, env=environ, check=True, timeout=60)
    assert (home / "active").read_text() == "b:2"
    assert (tmp_path / "synced").read_text().splitlines() == [
        "fence.new active.new: ",
        ".: a:1",
        "fence.new active.new: a:1",
        ".: b:2",
    ]


class Printing:
    """An engine whose container printed these lines, each with its time; it is asked by whole seconds."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, bytes]] = []
        self.asked: list[float] = []

    def log(self, _: str, since_s: float) -> list[tuple[str, bytes]]:
        self.asked.append(since_s)
        return [one for one in self.lines if container_log.second_of(one[0]) + 1 > since_s]


def _printed(second: int, fraction: int, asked: str, upstream: str = "r1:80") -> tuple[str, bytes]:
    at = f"2026-01-02T03:04:{second:02}"
    told = {
        "ts": container_log.second_of(at) + fraction / 1000,
        "upstream": upstream,
        "status": 200,
        "duration": 0.01,
        "request": {"method": "GET", "uri": asked},
    }
    return f"{at}.{fraction:03}000000Z", f"{json.dumps(told)}\n".encode()


def test_every_answer_is_told_once_also_one_that_comes_after_a_later_line(tmp_path: Path) -> None:
    engine, began = Printing(), container_log.second_of("2026-01-02T03:04:00")
    reader = FarEdge(Places(tmp_path), cast("Any", engine), "edge").answers("r1:80", began)
    engine.lines = [_printed(1, 10, "/one"), ("2026-01-02T03:04:01.500000000Z", b"an error\n")]
    assert [one.asked for one in reader()] == ["GET /one"]
    engine.lines.append(_printed(1, 400, "/late"))
    assert [one.asked for one in reader()] == ["GET /late"]
    engine.lines.append(_printed(9, 0, "/other", "r2:80"))
    assert reader() == []
    engine.lines.append(_printed(9, 1, "/two"))
    assert [one.asked for one in reader()] == ["GET /two"]
    # What another release answered is not read again and again, either.
    assert engine.asked == [began, began, began, began + 7]
