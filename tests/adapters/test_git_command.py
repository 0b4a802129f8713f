"""How git is started: alone, with a clean environment, and never left behind."""

import errno
import os
from pathlib import Path

import pytest

from hotelctl.adapters.git_command import GitCommand

pytestmark = pytest.mark.system
_QUIET = {"GIT_OPTIONAL_LOCKS", "GIT_TERMINAL_PROMPT", "GIT_NO_LAZY_FETCH", "GIT_CONFIG_COUNT"}
_ALWAYS = {*_QUIET, "GIT_NO_REPLACE_OBJECTS", "GIT_GRAFT_FILE"}


def _fake(place: Path, text: str) -> str:
    """A PATH whose git is this shell script."""
    program = place / "bin" / "git"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)
    return f"{program.parent}:{os.environ['PATH']}"


def test_git_runs_in_a_session_of_its_own(tmp_path: Path) -> None:
    path = _fake(tmp_path, "cut -d' ' -f6 /proc/$$/stat")
    answer = GitCommand(tmp_path, {"PATH": path}).run("status")
    assert int(answer.stdout) != os.getsid(0)


def test_git_sees_nothing_of_the_environment_that_is_not_meant_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    given = {"PATH": _fake(tmp_path, "env"), "GIT_WORK_TREE": "/elsewhere", "TOKEN": "t"}
    told = GitCommand(tmp_path, given).run("status").stdout
    seen = {line.partition("=")[0] for line in told.splitlines()}
    assert seen - {"PWD", "SHLVL", "_", "OLDPWD"} == {"PATH", "LANG", "LC_ALL", *_ALWAYS}


def test_who_takes_the_output_no_more_leaves_no_git_behind(tmp_path: Path) -> None:
    left = tmp_path / "left"
    path = _fake(
        tmp_path,
        f"case $* in *--get-regexp*) exit 1;; esac\necho $$ > '{left}'\nhead -c 999999 /dev/zero; sleep 50",
    )

    class Full:
        def write(self, _: bytes) -> int:
            raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        GitCommand(tmp_path, {"PATH": path}).run_into(Full(), "log")
    with pytest.raises(ProcessLookupError):
        os.kill(int(left.read_text()), 0)


def test_filters_are_looked_for_once_in_a_repository(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    path = _fake(tmp_path, f"case $* in *--get-regexp*) echo >> '{asked}';; esac")
    here = GitCommand(tmp_path, {"PATH": path})
    for one in (here, here.at(tmp_path.parent), here.reading(tmp_path / "index")):
        assert one.run("status").ok
    assert asked.read_text() == "\n"
    assert here.elsewhere(tmp_path).run("status").ok
    assert asked.read_text() == "\n\n"
