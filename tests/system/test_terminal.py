"""What a person sees who runs a command at a terminal."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest

from tests.system.site import REPOSITORY, Site

pytestmark = pytest.mark.system

_COLUMNS = 80
_STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def at_a_terminal(here: Site, *words: str) -> tuple[int, str]:
    """Exit code, and all bytes that went to a terminal of 80 columns."""
    mine, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, _COLUMNS, 0, 0))
    changes = {"PYTHONPATH": str(REPOSITORY), "TMPDIR": str(here.temporary), "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "hotelctl", *words],
        cwd=here.root,
        env={key: value for key, value in os.environ.items() if "DATABASE" not in key} | changes,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(mine, 65_536):
            said += piece
    except OSError:  # the other end was closed: the process is over
        pass
    os.close(mine)
    return process.wait(timeout=60), said.decode()


def test_what_lived_on_the_terminal_is_gone_when_the_report_is_told(bare: Site) -> None:
    code, raw = at_a_terminal(bare, "rollback", "--yes")
    assert code == 10, raw
    before, _, told = raw.partition("hotelctl rollback")
    assert "lock" in before
    assert "\x1b[2K" not in told
    lines = _STEERING.sub("", told).splitlines()
    assert [line for line in lines if line != line.rstrip() or len(line) > _COLUMNS] == []
    assert sum("the lock ends with this command" in line for line in lines) == 1
    assert "step 2 (choose) failed, nothing visible was changed" in " ".join(map(str.strip, lines))
