"""A repository as a project of which hotelctl knows fifty values of secrets, none of which stands in it."""

import random
import string
from pathlib import Path

from benchmarks.history.generated import git

VALUES = 50
_SERVICE = """
schema = "hotelctl.service/1"

[service]
name = "measured"
title = "Measured"

[env]
files = [".env"]
"""
_OURS = (".env", "hotelctl.toml", ".hotelctl/", "reports/")


def made_project(root: Path) -> None:
    """What a project needs lies beside what git tracks, and git ignores it."""
    made = random.Random(VALUES)  # noqa: S311 - nobody enters with these
    signs = string.ascii_letters + string.digits
    values = (f"APP{n}_SECRET_KEY={''.join(made.choices(signs, k=40))}\n" for n in range(VALUES))
    (root / "hotelctl.toml").write_text(_SERVICE, encoding="utf-8")
    (root / ".env").write_text("".join(values), encoding="utf-8")
    exclude = root / ".git" / "info" / "exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text("".join(f"/{one}\n" for one in _OURS), encoding="utf-8")


def cloned(source: Path, root: Path) -> None:
    """A clone of a repository on this machine, with its default branch checked out."""
    git(source, "clone", "--quiet", str(source), str(root))


def one_commit_more(root: Path, number: int) -> None:
    """One line more in one file."""
    with (root / "measured.txt").open("a", encoding="utf-8") as file:
        file.write(f"line {number}\n")
    git(root, "add", "measured.txt")
    git(root, "commit", "--quiet", "--message", f"Line {number}")
