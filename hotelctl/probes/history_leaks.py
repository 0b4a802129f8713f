"""betterleaks' search through everything that a branch or a tag still leads to."""

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn

from hotelctl.core.errors import Unavailable
from hotelctl.core.history import Borrowed
from hotelctl.core.kept import Question
from hotelctl.core.ports import WorkTree
from hotelctl.facts import past_leaks as past
from hotelctl.facts.leaks import PROGRAM
from hotelctl.facts.past_leaks import HistoryLeaks, PastLeak
from hotelctl.probes.clone_gap import clone_gap
from hotelctl.probes.context import Context

_TIMEOUT_S = 1800.0
_DIRECTORY = "history"
_WORDS = past.command(_DIRECTORY)
# Each answer holds the evidence of those that it goes on from.
_MOST_IN_A_ROW = 30


@dataclass(frozen=True, slots=True)
class _Searched:
    """What was found, and how many searches before it this one went on from."""

    before: int
    leaks: tuple[PastLeak, ...]


class _NotKeptError(Exception):
    """There is no answer of the former search any more."""


def history_leaks(context: Context, tree: WorkTree) -> HistoryLeaks:
    """What it finds in every commit, in what a merge itself brought, and in messages of commits and tags.

    It reads a repository of this command's own that borrows the objects: whatever settings the other one
    has, none is heeded. The same branches and tags are searched once; where they went on, what is new.

    Raises:
        Unavailable: betterleaks could not judge.

    """
    gap = clone_gap(context, tree)
    place = context.workspace / _DIRECTORY
    former = tuple(context.kept.hint(_question(context)).split())
    try:
        borrowed = _borrowed(context, place, former)
        found = _found(context, former, borrowed)
    except Unavailable as trouble:
        raise Unavailable(gap or trouble.reason) from trouble
    finally:
        context.files.remove(place)
    return HistoryLeaks((PROGRAM, *_WORDS), borrowed.commits, _from_here(context, tree, found), gap)


def _found(context: Context, former: tuple[str, ...], borrowed: Borrowed) -> tuple[PastLeak, ...]:
    """All of it; the next command is told where it ended."""
    tips = tuple(sorted(set(borrowed.tips.values())))

    def ask() -> _Searched:
        old = _kept(context, former) if borrowed.goes_on else None
        if old is None or old.before == _MOST_IN_A_ROW:
            return _Searched(0, _searched(context, _WORDS))
        new = _searched(context, past.command(_DIRECTORY, goes_on=True))
        still = [one for one in old.leaks if one.commit in borrowed.reached]
        return _Searched(old.before + 1, tuple(dict.fromkeys((*still, *new))))

    found = context.kept.once(_Searched, _question(context, tips), ask)
    if tips != former:
        context.kept.leave_hint(_question(context), " ".join(tips))
    return found.leaks


def _kept(context: Context, tips: tuple[str, ...]) -> _Searched | None:
    """What was found in the history below `tips`; None where nobody knows any more."""
    with suppress(_NotKeptError):
        return context.kept.once(_Searched, _question(context, tips), _not_kept)
    return None


def _not_kept() -> NoReturn:
    raise _NotKeptError


def _question(context: Context, tips: tuple[str, ...] = ()) -> Question:
    # What stands in the place of a secret depends on the key of this project, too.
    mark = context.mark(_DIRECTORY).encode()
    return Question(PROGRAM, _WORDS, {"mark": mark, "tips": " ".join(tips).encode()})


def _from_here(context: Context, tree: WorkTree, found: tuple[PastLeak, ...]) -> tuple[PastLeak, ...]:
    """With paths as the project has them, which may be a part of the repository."""
    project = context.configuration.project
    return tuple(
        one
        if one.message
        else replace(one, leak=replace(one.leak, path=os.path.relpath(tree.root / one.leak.path, project)))
        for one in found
    )


def _borrowed(context: Context, place: Path, former: tuple[str, ...]) -> Borrowed:
    context.files.remove(place)
    context.files.make_directory(place)
    return context.repository.borrow(place, past.ends(), former)


def _searched(context: Context, words: tuple[str, ...]) -> tuple[PastLeak, ...]:
    done = context.run_tool(PROGRAM, *words, timeout_s=_TIMEOUT_S, confidential=True)
    return past.past_leaks(done, context.mark)
