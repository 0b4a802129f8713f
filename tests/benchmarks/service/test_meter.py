import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.service.meter import MOST_OTHERS, Meter, Usage, rss_mb


def test_work_of_this_process_is_its_own(tmp_path: Path) -> None:
    with Meter(tmp_path, idle=os.getppid()).span() as usage:
        end = time.process_time() + 0.2
        while time.process_time() < end:
            pass
    assert usage.by["benchmark"] >= 0.15  # the kernel counts in hundredths
    assert usage.by["postgres"] == 0
    assert set(usage.by) == {"idle", "generator", "benchmark", "postgres", "others"}
    assert usage.seconds >= 0.2


def test_a_span_is_disturbed_by_what_others_use_of_all_cores() -> None:
    assert not Usage(10, 2, {"others": 20 * MOST_OTHERS}).disturbed
    assert Usage(10, 2, {"others": 20 * MOST_OTHERS + 0.1}).disturbed


def test_memory_is_read() -> None:
    assert 5 < rss_mb(os.getpid()) < 10_000


_SERVER = """
import os, sys, time
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        end = time.process_time() + 0.2
        while time.process_time() < end:
            pass
        os._exit(0)
    os.waitpid(pid, 0)
    print("gone", flush=True)
"""


def test_connections_that_are_closed_by_now_count_for_their_server(tmp_path: Path) -> None:
    argv, pipe = [sys.executable, "-c", _SERVER], subprocess.PIPE
    with subprocess.Popen(argv, cwd=tmp_path, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        with Meter(tmp_path, idle=os.getppid()).span() as usage:
            server.stdin.write("connect\n")
            server.stdin.flush()
            assert server.stdout.readline() == "gone\n"
        server.stdin.close()
    assert usage.by["postgres"] >= 0.15
