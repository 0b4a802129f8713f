"""A repository of 20,000 commits and 200,000 objects: text as people write it, and nothing of anybody."""

import os
import random
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

COMMITS = 20_000
# Of each commit: itself, the root, one directory of two, and the files; so ten objects a commit.
_FILES_A_COMMIT = 6
_DIRECTORIES, _FILES_A_DIRECTORY = 40, 25
_LINES = (20, 120)
_CHANGED = 3
_TEXT = """
account address amount answer arrival balance basket booking branch budget cancel capacity category
change channel charge client column comment commit config contact content context country coupon
course create currency customer date default delete delivery deposit detail device discount display
document element entry error event export factor field filter folder format gateway group handle
header history import index input invoice item journal label layout level limit list local logger
margin message method model module month name network notice number object offer option order output
owner package page parent parse partner path payment period person picture plan position
"""
_WORDS = _TEXT.split()
_SHAPES = (
    "def {a}_{b}({c}, {d}):",
    "    return {a}.{b}({c}, {d}={n})",
    "    {a} = {b}[{n}] if {c} else {d}",
    "    for {a} in {b}.{c}():",
    "# the {a} of a {b} is the {c} that {d} {a}s come from",
    '    "{a}": "{b} {c}", "{d}": {n},',
    "from {a}.{b} import {c}_{d}",
    "    raise ValueError('{a} without {b}: {c}')",
    "",
)
ENV: Mapping[str, str] = {
    **os.environ,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Sam",
    "GIT_AUTHOR_EMAIL": "sam@acme.example",
    "GIT_COMMITTER_NAME": "Sam",
    "GIT_COMMITTER_EMAIL": "sam@acme.example",
}


def generated(root: Path, commits: int = COMMITS) -> None:
    """`root` is one, packed as `git gc` packs, with its newest commit checked out. The same each time."""
    root.mkdir(parents=True)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "fast-import", "--quiet", text=b"".join(_stream(commits)))
    # Only so are deltas looked for anew: those of the stream are of one file against another.
    git(root, "repack", "-a", "-d", "-f", "--quiet")
    git(root, "checkout", "--quiet", "--force", "main")


def git(root: Path, *words: str, text: bytes = b"") -> str:
    """What git says; one that fails ends the benchmark."""
    argv = ("/usr/bin/env", "git", *words)
    done = subprocess.run(argv, cwd=root, env=ENV, input=text, capture_output=True, check=True)
    return done.stdout.decode().strip()


def _stream(commits: int) -> Iterator[bytes]:
    made = random.Random(commits)  # noqa: S311 - it keeps no secret
    files: dict[str, list[str]] = {}
    for number in range(commits):
        message = " ".join(made.choices(_WORDS, k=8)).encode()
        when = 1_500_000_000 + number * 3600
        yield b"commit refs/heads/main\ncommitter Sam <sam@acme.example> %d +0000\n" % when
        yield b"data %d\n%s\n" % (len(message), message)
        for path in _touched(made):
            lines = files.setdefault(path, [])
            _change(lines, made)
            text = "\n".join(lines).encode()
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text), text)


def _touched(made: random.Random) -> Iterator[str]:
    """Different files of one directory: each has a name of its own."""
    directory = made.randrange(_DIRECTORIES)
    for number in made.sample(range(_FILES_A_DIRECTORY), _FILES_A_COMMIT):
        yield f"src/{_WORDS[directory]}/{_WORDS[number]}.py"


def _change(lines: list[str], made: random.Random) -> None:
    if not lines:
        lines += [_line(made) for _ in range(made.randint(*_LINES))]
    for _ in range(_CHANGED):
        lines[made.randrange(len(lines))] = _line(made)


def _line(made: random.Random) -> str:
    a, b, c, d = made.choices(_WORDS, k=4)
    return made.choice(_SHAPES).format(a=a, b=b, c=c, d=d, n=made.randrange(1_000_000))
