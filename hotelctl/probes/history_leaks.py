"""The scanner's search through everything that a branch or a tag still leads to."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from hotelctl.core.errors import Unavailable
from hotelctl.core.history import WRITTEN_TO, Borrowed, Tip
from hotelctl.core.kept import Question
from hotelctl.core.ports import WorkTree
from hotelctl.core.redact import by_shape
from hotelctl.facts import past_leaks as past
from hotelctl.facts.archives import INSIDE
from hotelctl.facts.leak_rules import toml
from hotelctl.facts.object_search import ObjectSearch
from hotelctl.facts.past_leaks import ArchiveLeaks, CommitLeaks, HistoryLeaks, PastLeak
from hotelctl.probes.archive_leaks import archive_leaks
from hotelctl.probes.clone_gap import clone_gap, moved
from hotelctl.probes.context import Context
from hotelctl.probes.former_answer import MOST_IN_A_ROW
from hotelctl.probes.former_answer import former as before
from hotelctl.probes.large_files import state
from hotelctl.probes.leak_search import scanner_of
from hotelctl.probes.past_search import past_search, past_words

_DIRECTORY = "history"
_PACKED = "archives"


@dataclass(frozen=True, slots=True)
class _Searched:
    """What was found in `commits` commits, and how many searches before it this one went on from."""

    before: int
    commits: int
    leaks: tuple[PastLeak, ...]


def commit_leaks(context: Context, tree: WorkTree) -> CommitLeaks:
    """What it finds in every commit, in what a merge itself brought, and in messages.

    It reads a repository of this command's own that borrows the objects: whatever settings the other one
    has, none is heeded. The same branches and tags are searched once; where they went on, what is new.

    Raises:
        Unavailable: the scanner could not judge.

    """
    gap = clone_gap(context, tree)
    former = () if gap else tuple(context.kept.hint(_question(context)).split())
    try:
        tips = context.repository.tips()
        # What a clone holds that lacks something says nothing of the next one.
        found = _anew(context, tips, ()) if gap else _found(context, former, tips)
    except Unavailable as trouble:
        raise Unavailable(gap or trouble.reason) from trouble
    return CommitLeaks(tips, found.commits, former, found.leaks, gap)


# The commits come first: who asks for both can have the objects read meanwhile.
def history_leaks(
    context: Context, tree: WorkTree, past: CommitLeaks, searched: ObjectSearch
) -> HistoryLeaks:
    """The same and what it finds in archives, with paths and names as the project has them.

    Raises:
        Unavailable: the scanner could not judge.

    """
    try:
        packed = archive_leaks(context, searched) if past.gap else _packed(context, past, searched)
    except Unavailable as trouble:
        raise Unavailable(past.gap or trouble.reason) from trouble
    # Of a history that went on meanwhile one half would be judged as it was, the other as it is.
    gap = past.gap or searched.trouble or moved(tree, searched, context)
    gap = gap or ("" if searched.tips == past.tips else WRITTEN_TO)
    told = _once(past.leaks, packed.found)
    leaks = tuple(_from_here(context, tree, past.tips, one) for one in told)
    doubts = {_path_from_here(context, tree, path): why for path, why in packed.doubts.items()}
    return HistoryLeaks(past.commits, leaks, gap, doubts)


def _found(context: Context, former: tuple[str, ...], tips: Sequence[Tip]) -> _Searched:
    """All of it; the next command is told where it ended. What was searched before is not even borrowed."""
    ends = tuple(sorted({tip.object_id for tip in tips}))
    begun = former if scanner_of(context.configuration.spec).goes_on else ()
    found = context.kept.once(_Searched, _question(context, ends), lambda: _anew(context, tips, begun))
    if ends != former:
        context.kept.leave_hint(_question(context), " ".join(ends))
    return found


def _anew(context: Context, tips: Sequence[Tip], former: tuple[str, ...]) -> _Searched:
    """All of it, or what is new since the history ended in `former`, if anybody knows what was found then."""
    with _borrowed(context, tips, former) as borrowed:
        if not borrowed.goes_on:
            return _Searched(0, borrowed.commits, past_search(_DIRECTORY, borrowed, tips, context))
        old = before(_Searched, _question(context, former), context)
        if old is not None and old.before < MOST_IN_A_ROW:
            new = past_search(_DIRECTORY, borrowed, tips, context, goes_on=True)
            still = [one for one in old.leaks if not borrowed.whole or one.commit in borrowed.reached]
            commits = borrowed.commits + (0 if borrowed.whole else old.commits)
            return _Searched(old.before + 1, commits, tuple(dict.fromkeys((*still, *new))))
    return _anew(context, tips, ())


def _packed(context: Context, past: CommitLeaks, searched: ObjectSearch) -> ArchiveLeaks:
    """Asked anew only where there is another archive, or a new commit has one, be it at another path."""
    held = sorted((*searched.archives, *searched.utf_16, *searched.large))
    if not (held or searched.trouble):
        return ArchiveLeaks()
    # To fetch one changes neither an object nor a tip.
    large = state(context.repository.large_files(frozenset(searched.large.values())))

    def question(tips: Iterable[str]) -> Question:
        inputs = {"mark": context.mark(_PACKED).encode(), "rules": toml().encode()}
        inputs |= {"objects": " ".join(held).encode(), "large": large}
        return Question(
            scanner_of(context.configuration.spec).program,
            (_PACKED,),
            inputs | {"tips": " ".join(tips).encode()},
        )

    def ask() -> ArchiveLeaks:
        reached = _reached(context, past.tips) if past.former else frozenset[str]()
        goes_on = bool(past.former) and reached.issuperset(past.former)
        old = before(ArchiveLeaks, question(past.former), context) if goes_on else None
        if old is None or not old.all_reached or context.repository.traces(held, past.former):
            return archive_leaks(context, searched)
        return replace(old, found=tuple(one for one in old.found if one.commit in reached))

    tips = sorted({tip.object_id for tip in past.tips})
    return context.kept.once(ArchiveLeaks, question(tips), ask)


def _once(plain: Iterable[PastLeak], packed: tuple[PastLeak, ...]) -> tuple[PastLeak, ...]:
    """What stands in an archive that is not compressed is told of its member alone."""
    members = {(one.commit, one.leak.mark, one.leak.path.partition(INSIDE)[0]) for one in packed}
    return (*(one for one in plain if (one.commit, one.leak.mark, one.leak.path) not in members), *packed)


def _question(context: Context, tips: tuple[str, ...] = ()) -> Question:
    # What stands in the place of a secret depends on the key of this project, too.
    mark = context.mark(_DIRECTORY).encode()
    program, *words = past_words(_DIRECTORY, context)
    inputs = {"mark": mark, "rules": toml().encode(), "tips": " ".join(tips).encode()}
    return Question(program, tuple(words), inputs)


def _from_here(context: Context, tree: WorkTree, every: Iterable[Tip], one: PastLeak) -> PastLeak:
    """With its path as the project has it, which may be a part of the repository, or under its tag's name."""
    tips = (tip for tip in every if (tip.kind, tip.peeled_kind) != ("commit", "commit"))
    tag = next((tip for tip in tips if tip.object_id == one.commit), None)
    if tag is not None:
        leak = replace(one.leak, path="")
        return replace(one, leak=leak, message=f"tag {_short(tag)}", commit=tag.peeled)
    if one.message:
        return one
    return replace(one, leak=replace(one.leak, path=_path_from_here(context, tree, one.leak.path)))


def _path_from_here(context: Context, tree: WorkTree, path: str) -> str:
    return os.path.relpath(tree.root / path, context.configuration.project)


def _short(tip: Tip) -> str:
    return by_shape(tip.name.removeprefix("refs/tags/"))


@contextmanager
def _borrowed(context: Context, tips: Sequence[Tip], former: tuple[str, ...]) -> Iterator[Borrowed]:
    """Inside, the history below `tips` lies in a repository of this command's own."""
    place = context.workspace / _DIRECTORY
    context.files.remove(place)
    context.files.make_directory(place)
    try:
        yield context.repository.borrow(place, past.ends(), tips, former)
    finally:
        context.files.remove(place)


def _reached(context: Context, tips: Sequence[Tip]) -> frozenset[str]:
    with _borrowed(context, tips, ()) as borrowed:
        return borrowed.reached
