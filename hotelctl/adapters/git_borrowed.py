"""A repository that borrows every object of another one, and shows two commits more around its history."""

from collections.abc import Collection, Mapping
from pathlib import Path

from hotelctl.adapters.git_command import GitCommand
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.history import SEEN, Borrowed, Ends

# Before the first commit of anybody, and after the last one: who reads from end to end meets both.
_DATES_S = (0, 4_102_444_800)
_REFS = "refs/hotelctl"
_ENDS = f"{_REFS}/end"


def borrow(source: GitCommand, destination: Path, ends: Ends, seen: Collection[str]) -> Borrowed:
    """`destination`, an empty directory, is one; nothing of `source` is copied or written.

    Raises:
        Unavailable: git cannot read what the other one consists of, or is older than 2.35.

    """
    try:
        if not source.run("log", "--max-count=0", "--remerge-diff").ok:
            raise Unavailable("git cannot show what a merge itself changed: version 2.35 or newer can")
        tips = _tips(source)
        kind = _said(source, "rev-parse", "--show-object-format").strip()
        copy = source.elsewhere(destination)
        _said(copy, "init", "--quiet", "--template=", "--initial-branch=none", f"--object-format={kind}")
        _lend(source, destination / ".git")
        former = _former(copy, seen)
        listed = "".join(f"{tip} {name}\n" for name, tip in sorted({**tips, **former}.items()))
        (destination / ".git" / "packed-refs").write_text(listed)
        _said(copy, "fast-import", "--quiet", stdin=_commits(ends))
        commits = _said(copy, "rev-list", f"--exclude={SEEN}/*", f"--exclude={_ENDS}*", "--all").split()
    except UsageError as error:
        raise Unavailable(f"the history cannot be read: {error}") from error
    return Borrowed(tips, frozenset(commits).union(tips.values()), len(commits), bool(former))


def _lend(source: GitCommand, inside: Path) -> None:
    """Git finds the objects, and what a shallow clone says of where they end."""
    objects, shallow = (_place(source, name) for name in ("objects", "shallow"))
    (inside / "objects" / "info").mkdir(exist_ok=True)
    (inside / "objects" / "info" / "alternates").write_text(f"{objects}\n")
    if shallow.is_file():
        (inside / "shallow").write_bytes(shallow.read_bytes())


def _former(copy: GitCommand, seen: Collection[str]) -> Mapping[str, str]:
    """Names for the tips of a former history, if every one of them is still there."""
    asked = "".join(f"{tip}\n" for tip in seen).encode()
    found = _said(copy, "cat-file", "--batch-check=%(objectname)", stdin=asked).split() if seen else []
    return {f"{SEEN}/{number}": tip for number, tip in enumerate(seen)} if found == list(seen) else {}


def _tips(source: GitCommand) -> Mapping[str, str]:
    """The object of each branch, tag and other name, and of HEAD."""
    listed = _said(source, "for-each-ref", "--format=%(objectname) %(refname)").splitlines()
    named = {name: tip for tip, _, name in (line.partition(" ") for line in listed)}
    return {**named, f"{_REFS}/head": _said(source, "rev-parse", "HEAD").strip()}


def _commits(ends: Ends) -> bytes:
    """What fast-import makes the two commits of, each with its one file."""
    parts = []
    for number, ((name, content), date_s) in enumerate(zip(ends, _DATES_S, strict=True)):
        parts += [
            f"commit {_ENDS}{number}\ncommitter hotelctl <hotelctl> {date_s} +0000\ndata 0\n".encode(),
            f"M 100644 inline {name}\ndata {len(content)}\n".encode() + content + b"\n",
        ]
    return b"".join(parts)


def _place(source: GitCommand, name: str) -> Path:
    return (source.directory / _said(source, "rev-parse", "--git-path", name).rstrip("\n")).resolve()


def _said(git: GitCommand, *words: str, stdin: bytes = b"") -> str:
    answer = git.run(*words, stdin=stdin)
    if not answer.ok or answer.stderr.strip():
        raise Unavailable(f"the history cannot be read: {answer.reason}")
    return answer.stdout
