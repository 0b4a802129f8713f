"""A repository of a foreign service, made up: `python benchmarks/repository.py DIRECTORY [FILES COMMITS]`.

5,000 files and 2,000 commits without further words. The same words make the same repository, to the byte.
It has no service file: hotelctl judges what it finds, and its tests, build and release are nobody's.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FILES, COMMITS = 5_000, 2_000
_BEGAN = 1_700_000_000
_HOUR_S = 3_600
_FOLDER = 50
_WHOLE: dict[str, str] = {
    "pyproject.toml": '[project]\nname = "guest-book"\nversion = "1.0.0"\nrequires-python = ">=3.11"\n',
    "README.md": "# Guest book\n",
    "Dockerfile": 'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nUSER 1000\nCMD ["python", "-m", "book"]\n',
    ".env.example": "DATABASE_URL=postgresql://localhost/book\nLOG_LEVEL=info\n",
    ".gitignore": ".env\n.hotelctl/\nreports/\n",
    ".dockerignore": ".git\n.env\n.hotelctl\nreports\n",
    ".github/workflows/ci.yml": "name: ci\non: push\npermissions: {}\njobs:\n  test:\n"
    "    runs-on: ubuntu-24.04\n    steps:\n      - run: python -m unittest\n",
    "migrations/0001_guests.sql": "CREATE TABLE guests (id bigint PRIMARY KEY, name text NOT NULL);\n",
    "migrations/0002_notes.sql": "CREATE TABLE notes (id bigint PRIMARY KEY, guest bigint NOT NULL);\n",
}


def made(place: Path, files: int = FILES, commits: int = COMMITS) -> Path:
    """The repository at `place`, checked out; `files` are at least those that every service has."""
    run(place.parent, "git", "init", "--quiet", "--initial-branch=main", str(place))
    stream = b"".join(_stream(files, commits))
    subprocess.run(("/usr/bin/env", "git", "fast-import", "--quiet"), cwd=place, input=stream, check=True)
    run(place, "git", "reset", "--quiet", "--hard", "main")
    return place


def run(place: Path, *words: str) -> None:
    """Run a program to its good end."""
    subprocess.run(("/usr/bin/env", *words), cwd=place, check=True)


def _stream(files: int, commits: int) -> Iterator[bytes]:
    """What `git fast-import` reads: all files at first, then a commit for each change of one."""
    names = [f"book/part{n // _FOLDER:03}/module{n:05}.py" for n in range(files - len(_WHOLE))]
    yield _commit(0, "Everything")
    for path, text in _WHOLE.items():
        yield _file(path, text)
    for number, name in enumerate(names):
        yield _file(name, _module(number, 0))
    for turn in range(1, commits):
        number = turn * 37 % len(names)
        yield _commit(turn, f"Change {number}")
        yield _file(names[number], _module(number, turn))


def _commit(turn: int, words: str) -> bytes:
    who = f"committer A B <a@example.org> {_BEGAN + turn * _HOUR_S} +0000\n"
    return f"commit refs/heads/main\n{who}data {len(words)}\n{words}\n".encode()


def _file(path: str, text: str) -> bytes:
    data = text.encode()
    return f"M 100644 inline {path}\ndata {len(data)}\n".encode() + data + b"\n"


def _module(number: int, turn: int) -> str:
    """Some forty lines of code without a secret in them."""
    head = f'"""Part {number}, change {turn}."""\n\nLIMIT = {number + turn}\n'
    return head + "".join(
        f"\n\ndef step_{number}_{n}(value: int) -> int:\n    return value * {n} + LIMIT\n" for n in range(10)
    )


if __name__ == "__main__":
    made(Path(sys.argv[1]).absolute(), *map(int, sys.argv[2:4]))
