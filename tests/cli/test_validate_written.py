"""`hotelctl validate` beside a process that never stops writing the repository."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_validate import run
from tests.services.checkout import plain_checkout

pytestmark = pytest.mark.system
_VALUE = "Tr0ub4dor-and-three-more-words"
# At each moment the value stands somewhere: in the work tree, or in what the other branch reaches.
_WRITER = """
import pathlib, subprocess, sys
value, here = sys.argv[1], pathlib.Path.cwd()
def git(*words):
    who = ("-c", "user.name=Ada", "-c", "user.email=a@b.example")
    subprocess.run(("git", *who, *words), cwd=here, capture_output=True)
n = 0
while True:
    n += 1
    (here / "moving.txt").write_text(f"{n} {value}\\n")
    git("add", "moving.txt")
    git("commit", "-q", "-m", f"round {n}")
    git("branch", "-f", "other", "HEAD")
    git("reset", "-q", "--hard", "HEAD~1")
    git("checkout", "-q", "-B", "third", "other")
    git("checkout", "-q", "main")
    git("branch", "-D", "third")
    git("repack", "-a", "-d", "-q")
    print(n, flush=True)
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    project = plain_checkout(tmp_path)
    (project / ".env.local").write_text(f"SESSION_SECRET={_VALUE}\n")
    argv = (sys.executable, "-c", _WRITER, _VALUE)
    with subprocess.Popen(argv, cwd=project, stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline()
            yield project
            assert writer.poll() is None, "nobody wrote"
        finally:
            writer.kill()


def test_a_value_that_wanders_is_found_or_nothing_is_called_clean(project: Path) -> None:
    for _ in range(3):
        done = run(project, "validate", "--only", "SEC003", "--required", "SEC003")
        assert done.returncode in (1, 3), done.stdout
        assert _VALUE not in done.stdout + done.stderr
