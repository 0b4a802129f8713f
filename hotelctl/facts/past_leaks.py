"""A scanner's search for secrets in all that was ever committed: what its findings mean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from hotelctl.core.history import Ends, Tip, Trace
from hotelctl.facts.leaks import Item, Leak, Mark, leak_at, planted, token, unpromised

_ENDS = ("planted-by-hotelctl-first.txt", "planted-by-hotelctl-last.txt")
_MESSAGE = re.compile(r"^git\.(commit|tag)_message$")


@dataclass(frozen=True, slots=True)
class PastLeak:
    """A value that it takes for a secret, in the commit that brought it.

    `message` is what it stands in where that is no file: "commit message", or "tag message", and then
    `commit` is the tag.
    """

    leak: Leak
    commit: str
    author: str
    at: datetime
    message: str = ""


@dataclass(frozen=True, slots=True)
class CommitLeaks:
    """What it found in the `commits` commits below `tips`, their messages and those of tags, with its paths.

    `former` are the tips of the history that was searched last, none where nobody knows; `gap` is as of
    `HistoryLeaks`.
    """

    tips: tuple[Tip, ...]
    commits: int
    former: tuple[str, ...]
    leaks: tuple[PastLeak, ...]
    gap: str


@dataclass(frozen=True, slots=True)
class ArchiveLeaks:
    """What it found in archives and in UTF-16; `doubts` says by path why one was not read.

    `all_reached` says that a branch or a tag leads to each that the repository holds.
    """

    found: tuple[PastLeak, ...] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)
    all_reached: bool = True


@dataclass(frozen=True, slots=True)
class HistoryLeaks:
    """What it found in `commits` commits, their messages and those of tags.

    `gap` says why the clone does not hold all, or could not be read; empty where it was all searched.
    `doubts` says by path why an archive was not opened.
    """

    commits: int
    leaks: tuple[PastLeak, ...]
    gap: str = ""
    doubts: Mapping[str, str] = field(default_factory=dict)


def ends() -> Ends:
    """What is planted in the oldest and the newest commit, and must be found in both."""
    first, last = _ENDS
    return (first, planted(first)), (last, planted(last))


def expected() -> Mapping[str, str]:
    """What must be found at both ends: the value by its path."""
    return {name: token(name) for name in _ENDS}


def brought(traces: Iterable[Trace]) -> tuple[Trace, ...]:
    """Of the commits those that brought it under a path, merges only where no other did."""
    came = tuple(one for one in traces if one.came and one.path)
    return tuple(one for one in came if not one.merged) or came


def past_leaks(items: Sequence[Item], mark: Mark, stand_ins: Mapping[str, str]) -> tuple[PastLeak, ...]:
    """What was found, the values replaced at once, and commits in the place of an object by that object.

    Raises:
        Unavailable: an item does not tell what it must.

    """
    try:
        marks = {value: mark(value) for value in (str(item["match"]["value"]) for item in items)}
        found = [_past(item, mark, marks) for item in items]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise unpromised("the scanner") from error
    return tuple(
        replace(one, commit=stand_ins[one.commit], author="") if one.commit in stand_ins else one
        for one in found
    )


def _past(item: Item, mark: Mark, marks: Mapping[str, str]) -> PastLeak:
    about = item["attributes"]
    found = _MESSAGE.match(str(about["resource"]))
    author = about.get("git.author_name") or about.get("git.tagger_name") or ""
    leak = leak_at(str(item["location"].get("path", "")), item, mark)
    return PastLeak(
        replace(leak, path=_masked(leak.path, marks)),
        str(about["git.sha"]),
        _masked(str(author), marks),
        _when(str(about["git.date"])),
        f"{found[1]} message" if found else "",
    )


def _masked(name: str, marks: Mapping[str, str]) -> str:
    """Whoever is called as a value that was found is not named."""
    for value, mark in marks.items():
        name = name.replace(value, mark)
    return name


def _when(text: str) -> datetime:
    """The last moment there is for a year that no calendar has."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = datetime.max.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
