"""A repository that borrows every object of another one, and shows a few commits more than its history."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotelctl.adapters.git_command import GitCommand
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.history import SEEN, Borrowed, Ends, Tip

# Before the first commit of anybody, and after the last one: who reads from end to end meets both. Of a
# history that goes on, before the first new one, unless something stands in that is told with its date: else
# git would look at all that came before, too.
_FIRST_S, _LAST_S = 0, 4_102_444_800
_OURS = "refs/hotelctl"
# Names of its own, so that none can be mistaken: tags keep theirs, as their messages are looked for there.
_TIPS, _TAGS = f"{_OURS}/tips", "refs/tags"
_STAND_INS = f"{_OURS}/in"
_STASH = "refs/stash"
_ALL = (f"--exclude={SEEN}/*", "--all")
_NOT_SEEN = ("--not", f"--glob={SEEN}")
_PLACES = ("--git-path", "objects", "--git-path", "shallow")
_LENT = re.compile(r"(\w+)\n((.*)objects)\n(\3shallow)\n", re.DOTALL)
_MOST_PARENTS = 2
_SHOWN = "%(objectname)%00%(objecttype)%00%(*objectname)%00%(*objecttype)%00%(refname)"


def tips(source: GitCommand) -> tuple[Tip, ...]:
    """The object of each branch, tag and other name, of what is checked out, and of what was put aside.

    Raises:
        Unavailable: git cannot tell.

    """
    try:
        return tuple(_tips(source))
    except UsageError as error:
        raise Unavailable(f"the history cannot be read: {error}") from error


def borrow(
    source: GitCommand, destination: Path, ends: Ends, tips: Sequence[Tip], seen: Collection[str]
) -> Borrowed:
    """`destination`, an empty directory, is one; nothing of `source` is copied or written.

    Raises:
        Unavailable: git cannot read what the other one consists of, or is older than 2.36.

    """
    try:
        if not source.run("log", "--max-count=0", "--remerge-diff").ok:
            raise Unavailable("git cannot show what a merge itself changed: version 2.36 or newer can")
        kind, objects, shallow = _lent(source)
        copy = source.at_new(destination)
        _said(copy, "init", "--quiet", "--template=", "--initial-branch=none", f"--object-format={kind}")
        _lend(objects, shallow, destination / ".git")
        former = _former(copy, seen)
        named = {_name(number, tip): tip.object_id for number, tip in enumerate(tips)}
        below = {f"{SEEN}/{number}": tip for number, tip in enumerate(former)}
        listed = (f"{tip} {name}\n" for name, tip in sorted({**named, **below}.items()))
        (destination / ".git" / "packed-refs").write_text("".join(listed))
        whole = not former or _lost(copy, former, tips)
        new = () if whole else _NOT_SEEN
        told = _said(copy, "rev-list", *_ALL, *new, "--timestamp", "--parents").splitlines()
        times, walked = zip(*(line.split(" ", 1) for line in told), strict=True) if told else ((), ())
        others = (*_octopuses(copy, walked), *_contents(tips))
        begins_s = _FIRST_S if whole or others else min(map(int, times), default=_LAST_S) - 1
        made = (*_planted(ends, begins_s), *_standing_in(others))
        _said(copy, "fast-import", "--quiet", stdin=b"".join(made))
        stand_ins = _made(copy, others) if others else {}
    except UsageError as error:
        raise Unavailable(f"the history cannot be read: {error}") from error
    reached = (line.partition(" ")[0] for line in walked)
    every = frozenset(reached).union(*((tip.object_id, tip.peeled) for tip in tips))
    return Borrowed(every, len(walked), bool(former), stand_ins, whole)


def require_whole(copy: GitCommand) -> None:
    """Git walked over all that the history consists of, and saw that it is there.

    Raises:
        Unavailable: something is not.

    """
    try:
        _said(copy, "rev-list", "--objects", "--quiet", "--all")
    except UsageError as error:
        raise Unavailable(f"the history cannot be read: {error}") from error


def files_at(copy: GitCommand, places: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """The ids of the files at these paths of commits; a path that is no line, or no text, has none.

    Raises:
        Unavailable: git cannot tell.

    """
    lines = [place for place in places if "\n" not in place[1]]
    asked = "".join(f"{commit}:{path}\n" for commit, path in lines).encode("utf-8", "surrogateescape")
    try:
        told = _said(copy, "cat-file", "--batch-check=%(objecttype) %(objectname)", stdin=asked)
    except UsageError as error:
        raise Unavailable(f"the history cannot be read: {error}") from error
    answers = zip(lines, told.splitlines(), strict=True)
    return {place: line.removeprefix("blob ") for place, line in answers if line.startswith("blob ")}


def _tips(source: GitCommand) -> Iterator[Tip]:
    names = set[str]()
    for line in _said(source, "for-each-ref", f"--format={_SHOWN}").splitlines():
        object_id, kind, peeled, peeled_kind, name = line.split("\0")
        names.add(name)
        yield Tip(name, object_id, kind, peeled or object_id, peeled_kind or kind)
    trees = _said(source, "worktree", "list", "--porcelain", "-z").split("\0")
    heads = {line.removeprefix("HEAD ") for line in trees if line.startswith("HEAD ")}
    for commit in sorted(heads.union(_aside(source) if _STASH in names else ())):
        if commit.strip("0"):
            yield Tip("", commit, "commit", commit, "commit")


def _aside(source: GitCommand) -> list[str]:
    """What was put aside: the name leads to the last of it alone."""
    told = source.run("log", "--walk-reflogs", "--format=%H", _STASH, "--")
    return told.stdout.split() if told.ok else []


def _name(number: int, tip: Tip) -> str:
    return f"{_TAGS if tip.kind == 'tag' else _TIPS}/{number}"


def _lent(source: GitCommand) -> tuple[str, Path, Path]:
    """How it names objects, where they lie, and what a shallow clone says of where they end."""
    said = _said(source, "rev-parse", "--show-object-format", *_PLACES)
    # One place may have several lines, but both have one beginning.
    found = _LENT.fullmatch(said)
    if found is None:
        raise Unavailable("the history cannot be read: git does not say where the objects lie")
    objects, shallow = ((source.directory / found[place]).resolve() for place in (2, 4))
    return found[1], objects, shallow


def _lend(objects: Path, shallow: Path, inside: Path) -> None:
    """Git finds both there."""
    text = str(objects)
    if "\n" in text or text.startswith('"'):
        text = '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    (inside / "objects" / "info").mkdir(exist_ok=True)
    (inside / "objects" / "info" / "alternates").write_text(f"{text}\n")
    if shallow.is_file():
        (inside / "shallow").write_bytes(shallow.read_bytes())


def _former(copy: GitCommand, seen: Collection[str]) -> Mapping[str, str]:
    """What each of the tips of a former history is, if every one of them is still there."""
    if not seen:
        return {}
    asked = "".join(f"{tip}\n" for tip in seen).encode()
    lines = _said(copy, "cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked).splitlines()
    kinds = {name: kind for name, _, kind in (line.partition(" ") for line in lines)}
    return kinds if list(kinds) == list(seen) and "missing" not in kinds.values() else {}


def _lost(copy: GitCommand, former: Mapping[str, str], tips: Sequence[Tip]) -> bool:
    """Whether something of the former history is none of this one."""
    here = {tip.object_id for tip in tips}
    if any(kind != "commit" and tip not in here for tip, kind in former.items()):
        return True
    return bool(_said(copy, "rev-list", "--max-count=1", f"--glob={SEEN}", "--not", *_ALL))


@dataclass(frozen=True, slots=True)
class _StandIn:
    """A commit in the place of `object_id`, which the walk cannot show: one `change` to a parent, if any."""

    object_id: str
    parent: str
    change: str


def _octopuses(copy: GitCommand, walked: Sequence[str]) -> Iterator[_StandIn]:
    """Merges of three and more, which git does not merge again to see what they brought."""
    many = [line.split()[:2] for line in walked if line.count(" ") > _MOST_PARENTS]
    asked = "".join(f"{commit}^{{tree}}\n" for commit, _ in many).encode()
    trees = _said(copy, "cat-file", "--batch-check=%(objectname)", stdin=asked).split() if many else ()
    for (commit, parent), tree in zip(many, trees, strict=True):
        yield _StandIn(commit, parent, f'M 040000 {tree} ""')


def _contents(tips: Sequence[Tip]) -> Iterator[_StandIn]:
    """Files and directories that a name points at, without a commit."""
    modes = {"blob": "100644", "tree": "040000"}
    for number, tip in enumerate(tips):
        if tip.peeled_kind in modes:
            yield _StandIn(tip.object_id, "", f"M {modes[tip.peeled_kind]} {tip.peeled} named-{number}")


def _planted(ends: Ends, begins_s: int) -> Iterator[bytes]:
    """What fast-import makes the first and the last commit of, each with its one file."""
    dates_s = (max(_FIRST_S, begins_s), _LAST_S)
    for number, ((name, content), date_s) in enumerate(zip(ends, dates_s, strict=True)):
        yield f"commit {_OURS}/end{number}\ncommitter hotelctl <hotelctl> {date_s} +0000\ndata 0\n".encode()
        yield f"M 100644 inline {name}\ndata {len(content)}\n".encode() + content + b"\n"


def _standing_in(others: Sequence[_StandIn]) -> Iterator[bytes]:
    when_s = _FIRST_S + 1
    for number, one in enumerate(others):
        yield f"commit {_STAND_INS}/{number}\ncommitter hotelctl <hotelctl> {when_s} +0000\n".encode()
        parent = f"from {one.parent}\n" if one.parent else ""
        yield f"data {len(one.object_id)}\n{one.object_id}\n{parent}{one.change}\n".encode()


def _made(copy: GitCommand, others: Sequence[_StandIn]) -> Mapping[str, str]:
    listed = _said(copy, "for-each-ref", "--format=%(objectname) %(refname:lstrip=3)", f"{_STAND_INS}/")
    pairs = (line.split() for line in listed.splitlines())
    return {commit: others[int(number)].object_id for commit, number in pairs}


def _said(git: GitCommand, *words: str, stdin: bytes = b"") -> str:
    answer = git.run(*words, stdin=stdin)
    if not answer.ok or answer.stderr.strip():
        raise Unavailable(f"the history cannot be read: {answer.reason}")
    return answer.stdout
