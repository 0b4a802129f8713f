"""Each question asked in turn with what it is held against, so that the machine's other work meets both."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.history.generated import git
from benchmarks.history.project import one_commit_more
from benchmarks.run import Run, run

_GIT = ("/usr/bin/env", "git")
_OBJECTS = (*_GIT, "cat-file", "--batch-all-objects", "--batch")
_JUDGED = (0, 1)


@dataclass(frozen=True, slots=True)
class Measured:
    """What was asked of one repository, run by run."""

    name: str
    commits: int
    objects: int
    size_mb: float
    runs: Mapping[str, tuple[Run, ...]]

    def middle(self, kind: str, field: str) -> float:
        """The median of one field of these runs."""
        return median(float(getattr(one, field)) for one in self.runs[kind])


def measured(name: str, root: Path, betterleaks: Path, rounds: int) -> Measured:
    """`root` is a project, `betterleaks` the program that hotelctl itself runs."""
    runs: dict[str, list[Run]] = {
        kind: [] for kind in ("alone", "cold", "given out", "exact", "begun", "warm")
    }
    answer = root / ".git" / "measured.json"
    leaks = (
        str(betterleaks),
        "git",
        "--silent",
        "--no-color",
        "--log-level",
        "error",
        "--output",
        str(answer),
        ".",
    )
    for _ in range(rounds):
        runs["alone"].append(run(leaks, root, _JUDGED))
        shutil.rmtree(root / ".hotelctl" / "cache", ignore_errors=True)
        runs["cold"].append(run(_ours("secrets"), root, _JUDGED))
        runs["given out"].append(run(_OBJECTS, root))
        runs["exact"].append(run(_ours("SEC003", "--no-cache"), root, _JUDGED))
    run(_ours("secrets"), root, _JUDGED)
    for number in range(rounds):
        one_commit_more(root, number)
        # The first search in a checkout that changed is what a merge gate waits for.
        runs["warm"].append(run(_ours("secrets"), root, _JUDGED))
        runs["begun"].append(run(_ours("SEC009"), root, _JUDGED))
    commits, objects, size_mb = _size(root)
    every = {kind: tuple(found) for kind, found in runs.items()}
    return Measured(name=name, commits=commits, objects=objects, size_mb=size_mb, runs=every)


def _ours(rules: str, *more: str) -> tuple[str, ...]:
    words = ("validate", "--only", rules, "--quiet", "--report-dir", "reports", *more)
    return (sys.executable, "-m", "hotelctl", *words)


def _size(root: Path) -> tuple[int, int, float]:
    """Commits, objects, and the bytes of these in MB as git gives them out."""
    sizes = subprocess.run(
        (*_GIT, "cat-file", "--batch-all-objects", "--batch-check=%(objectsize)"),
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    return int(git(root, "rev-list", "--count", "--all")), len(sizes), sum(map(int, sizes)) / 1e6
