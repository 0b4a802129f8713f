"""What a killed command left half written; whoever holds the lock clears it."""

import os
import shutil
from pathlib import Path

UNFINISHED = ".part"
"""How the name of everything ends that is not whole yet."""


def clear_unfinished(directory: Path) -> None:
    """Every unfinished file and directory directly in `directory` is gone; a missing one has none."""
    if not directory.is_dir():
        return
    for entry in list(os.scandir(directory)):
        if not entry.name.endswith(UNFINISHED):
            continue
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            Path(entry.path).unlink(missing_ok=True)
