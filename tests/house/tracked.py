"""The files of the repository, as a clone has them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
_MADE = {".git", ".venv", ".hotelctl", "dist", "build"}


def files(*endings: str) -> list[Path]:
    """Every file of the project whose name ends so, all of them without endings; git need not be here."""
    found = _from_git() if (ROOT / ".git").exists() else _from_disk()
    kept = [path for path in found if not endings or path.name.endswith(endings)]
    return sorted(path for path in kept if path.is_file() and not path.is_symlink())


def _from_git() -> list[Path]:
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode().split("\0")
    return [ROOT / name for name in names if name]


def _from_disk() -> list[Path]:
    found = ((path, path.relative_to(ROOT).parts) for path in ROOT.rglob("*"))
    return [path for path, parts in found if parts[0] not in _MADE and "__pycache__" not in parts]


def name(path: Path) -> str:
    """The path from the root of the project."""
    return path.relative_to(ROOT).as_posix()
