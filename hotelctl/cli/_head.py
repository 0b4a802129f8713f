"""The commit that is checked out."""

import os
from pathlib import Path

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import Unrecorded
from hotelctl.adapters.process import LocalProcesses
from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Command
from hotelctl.core.redact import Redactor


def head_commit(directory: Path) -> str | None:
    """HEAD of the repository around `directory`; None without git, a repository or a commit."""
    clock = SystemClock()
    processes = LocalProcesses(Unrecorded(Redactor(), clock), clock, os.environ)
    try:
        asked = processes.run(Command(("git", "rev-parse", "--verify", "HEAD"), directory))
    except Unavailable:
        return None
    return asked.stdout.strip() if asked.ok else None
