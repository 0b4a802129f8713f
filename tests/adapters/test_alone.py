import subprocess
import sys
from pathlib import Path

from hotelctl.adapters import alone

_TRIES = """
import socket, sys
for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6):
    try:
        socket.socket(family).close()
        print("made")
    except OSError as refused:
        print(refused.errno)
print(sys.argv[1])
"""


def _ran(*words: str) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-I", "-S", alone.__file__, *words]
    return subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)


def test_sockets_of_the_machine_can_be_made_and_no_other() -> None:
    done = _ran(sys.executable, "-c", _TRIES, "a word")
    assert done.stdout.split("\n") == ["made", "101", "101", "a word", ""]


def test_what_the_program_starts_is_held_to_it_and_its_exit_code_is_kept() -> None:
    within = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_TRIES!r}, 'x']); sys.exit(7)"
    done = _ran(sys.executable, "-c", within)
    assert (done.stdout.split(), done.returncode) == (["made", "101", "101", "x"], 7)


def test_where_the_machine_is_not_known_nothing_is_run(tmp_path: Path) -> None:
    """As on a system whose kernel has no such filter."""
    trace = tmp_path / "ran"
    code = (
        "import os, runpy, sys; os.uname = lambda: os.uname_result(('x', 'x', 'x', 'x', 'riscv64'));"
        f"sys.argv = ['alone', 'touch', {str(trace)!r}];"
        f"runpy.run_path({alone.__file__!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=60)
    assert (done.returncode, trace.exists()) == (alone.CANNOT, False)
