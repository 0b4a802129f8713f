"""Lays the second service out as a git repository of its own, the way its team would have it."""

import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).parent / "plain"
# An export of this repository has the mark filled in; a new repository begins with the mark itself.
COMMIT_MARK = "$Format:" + "%H$\n"
_LEFT_OUT = shutil.ignore_patterns("__pycache__", ".*_cache", ".hotelctl", "reports", "dist", ".env.local")
_AUTHOR = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


def git(root: Path, *words: str) -> str:
    """What git printed, without the last line end."""
    ended = subprocess.run(
        ["git", "-C", str(root), *_AUTHOR, *words], check=True, capture_output=True, text=True, timeout=60
    )
    return ended.stdout.rstrip("\n")


def plain_checkout(parent: Path, name: str = "plain") -> Path:
    """A committed, clean checkout of the notes service at `parent/name`."""
    root = parent / name
    shutil.copytree(SOURCE, root, ignore=_LEFT_OUT)
    (root / "plainsvc" / "_commit.txt").write_text(COMMIT_MARK)
    git(root, "init", "--quiet", "--initial-branch=main")
    commit_all(root, "Notes, kept simply")
    return root


def commit_all(root: Path, message: str) -> str:
    """The new commit's full id; everything in the tree is in it."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)
    return git(root, "rev-parse", "HEAD")


def release_change(root: Path, version: str) -> str:
    """A commit that changes the version, and with it what `/version` answers."""
    file = root / "pyproject.toml"
    text = file.read_text()
    before = next(line for line in text.splitlines() if line.startswith("version = "))
    file.write_text(text.replace(before, f'version = "{version}"', 1))
    return commit_all(root, f"Version {version}")


def add_migration(root: Path, name: str, sql: str) -> str:
    """A commit with one more migration; `name` decides its place in the order."""
    (root / "migrations" / name).write_text(sql)
    return commit_all(root, f"Migration {name}")
