"""On a history of a few commits, with programs that do little."""

import os
import sys
from pathlib import Path

import pytest

from benchmarks.history.generated import generated, git
from benchmarks.history.measure import Measured
from benchmarks.history.page import goals, page
from benchmarks.history.project import made_project, one_commit_more
from benchmarks.run import Run, run

_BUSY = "import time\nend = time.process_time() + {}\nwhile time.process_time() < end: pass"


@pytest.mark.system
def test_a_generated_history_has_ten_objects_a_commit_and_is_the_same_each_time(tmp_path: Path) -> None:
    heads = set()
    for name in ("one", "two"):
        generated(tmp_path / name, commits=50)
        heads.add(git(tmp_path / name, "rev-parse", "HEAD"))
    assert len(heads) == 1
    objects = git(tmp_path / "one", "cat-file", "--batch-all-objects", "--batch-check").splitlines()
    assert 490 <= len(objects) <= 500
    made_project(tmp_path / "one")
    one_commit_more(tmp_path / "one", 1)
    assert git(tmp_path / "one", "status", "--porcelain") == "", "what is beside it is ignored"
    assert git(tmp_path / "one", "rev-list", "--count", "HEAD") == "51"


@pytest.mark.system
def test_a_run_tells_of_a_grandchild_that_nobody_waits_for(tmp_path: Path) -> None:
    child = (
        f"import os, subprocess, sys\none = subprocess.Popen([sys.executable, '-c', {_BUSY.format(0.5)!r}])\n"
    )
    child += "os.waitid(os.P_PID, one.pid, os.WEXITED | os.WNOWAIT)\nos._exit(0)"
    found = run([sys.executable, "-c", child], tmp_path)
    assert found.cpu_s >= 0.4
    assert found.wall_s >= 0.4
    assert 1 < found.own_mb < 500
    assert found.all_mb > 0


def test_a_run_that_ends_otherwise_ends_the_benchmark(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="ended with 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
    assert run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, (3,)).wall_s > 0


def _measured(cold_s: float) -> Measured:
    quick, slow = Run(10.0, 10.0, 100.0, 200.0), Run(cold_s, cold_s, 400.0, 600.0)
    runs = dict.fromkeys(("alone", "given out", "exact", "begun", "warm"), (quick,) * 3)
    return Measured("Generated", 20, 200, 1.0, {**runs, "cold": (slow,) * 3})


def test_the_page_tells_each_goal_and_whether_it_is_kept() -> None:
    text = page([_measured(14.0)], 3, os.getloadavg()[0])
    assert "| cold / alone, wall | 1.5 | 1.40 | kept |" in text
    assert "| warm, wall | 1 s | 10.00 s | **missed** |" in text
    assert "| memory with all, cold | 500 MB | 600 MB | **missed** |" in text
    assert "| cold | 14.00 (14.00 to 14.00, n = 3) | 14.00 (14.00 to 14.00, n = 3) | 400 | 600 |" in text
    assert [value > most for _, value, most, _ in goals(_measured(16.0))][:2] == [True, True]
