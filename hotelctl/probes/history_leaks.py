"""betterleaks' search through everything that a branch or a tag still leads to."""

import os
from dataclasses import replace
from pathlib import Path

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


def history_leaks(context: Context, tree: WorkTree) -> HistoryLeaks:
    """What it finds in every commit, in what a merge itself brought, and in messages of commits and tags.

    It reads a repository of this command's own that borrows the objects: whatever settings the other one
    has, none is heeded. The same branches and tags are searched once.

    Raises:
        Unavailable: betterleaks could not judge.

    """
    gap = clone_gap(context, tree)
    words = past.command(_DIRECTORY)
    place = context.workspace / _DIRECTORY
    try:
        borrowed = _borrowed(context, place)
        inputs = {"tips": borrowed.tips.encode(), "mark": context.mark(_DIRECTORY).encode()}
        found = context.kept.once(
            tuple[PastLeak, ...], Question(PROGRAM, words, inputs), lambda: _searched(context, words)
        )
    except Unavailable as trouble:
        raise Unavailable(gap or trouble.reason) from trouble
    finally:
        context.files.remove(place)
    return HistoryLeaks((PROGRAM, *words), borrowed.commits, _from_here(context, tree, found), gap)


def _from_here(context: Context, tree: WorkTree, found: tuple[PastLeak, ...]) -> tuple[PastLeak, ...]:
    """With paths as the project has them, which may be a part of the repository."""
    project = context.configuration.project
    return tuple(
        replace(one, leak=replace(one.leak, path=os.path.relpath(tree.root / one.leak.path, project)))
        if not one.message
        else one
        for one in found
    )


def _borrowed(context: Context, place: Path) -> Borrowed:
    context.files.remove(place)
    context.files.make_directory(place)
    return context.repository.borrow(place, past.ends())


def _searched(context: Context, words: tuple[str, ...]) -> tuple[PastLeak, ...]:
    done = context.run_tool(PROGRAM, *words, timeout_s=_TIMEOUT_S, confidential=True)
    return past.past_leaks(done, context.mark)
