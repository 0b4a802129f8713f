import os
import subprocess
import sys

import pytest

from hotelctl.deploy.targets.resident import session_bytes
from tests.deploy.waiting import came_true

MB = 1_000_000
_HOLDS = """
import subprocess, sys
kept = bytearray(b"x" * int(sys.argv[1]))
code = "k = bytearray(b'x' * 40_000_000); print(1, flush=True); input()"
child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
print("holds", flush=True)
input()
"""


@pytest.mark.system
def test_a_session_holds_what_its_processes_hold() -> None:
    argv = [sys.executable, "-c", _HOLDS, str(50 * MB)]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, text=True, start_new_session=True, stdin=pipe, stdout=pipe) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "holds\n"
        held = session_bytes(process.pid)
        os.killpg(process.pid, 9)
    assert held is not None
    assert 90 * MB < held < 200 * MB
    # The child of the one that was waited for may take a moment longer to be gone.
    assert came_true(lambda: session_bytes(process.pid) is None, 20)
