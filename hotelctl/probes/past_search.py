"""A scanner's search through a history that this command borrows, and what each is given besides it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from hotelctl.core.errors import Unavailable
from hotelctl.core.history import Borrowed, Tip, Trace
from hotelctl.core.ports import Completed
from hotelctl.facts import betterleaks, kingfisher
from hotelctl.facts import past_leaks as past
from hotelctl.facts.archives import INSIDE
from hotelctl.facts.commit_text import commit_text
from hotelctl.facts.leaks import Item, meant
from hotelctl.facts.past_leaks import PastLeak, brought
from hotelctl.probes.context import Context
from hotelctl.probes.leak_search import asked, scan_files, scanner_of

_Some = TypeVar("_Some")
_TIMEOUT_S = 1800.0
_MESSAGES = "messages.tar"
# So many messages, or versions of files, are held at a time.
_AT_ONCE = 20_000
_FILES_AT_ONCE = 200


def past_words(directory: str, context: Context, *, goes_on: bool = False) -> tuple[str, ...]:
    """How the scanner is asked about the repository in that directory, its own name first."""
    if scanner_of(context.configuration.spec).program == betterleaks.PROGRAM:
        return (betterleaks.PROGRAM, *betterleaks.past_command(directory, goes_on=goes_on))
    return (kingfisher.PROGRAM, *kingfisher.command(directory, past=True))


def past_search(
    directory: str, borrowed: Borrowed, tips: Sequence[Tip], context: Context, *, goes_on: bool = False
) -> tuple[PastLeak, ...]:
    """What it finds in the history that was borrowed into that directory, between what is planted there.

    One that `goes_on` leaves out what the tips of a former history lead to.

    Raises:
        Unavailable: it could not judge.

    """
    program, *words = past_words(directory, context, goes_on=goes_on)
    done = asked(program, tuple(words), _TIMEOUT_S, context)
    if program == betterleaks.PROGRAM:
        items = _answered(directory, done, context)
    else:
        # It passes over an object that is not there without a word.
        context.repository.require_whole(context.workspace / directory)
        commits = borrowed.commits + len(past.ends()) + len(borrowed.stand_ins)
        found = kingfisher.in_history(done, commits)
        in_files = meant(program, _in_files(directory, found, borrowed, context), past.expected())
        items = [*in_files, *_in_messages(borrowed, tips, context)]
    return tuple(dict.fromkeys(past.past_leaks(items, context.mark, borrowed.stand_ins)))


def _answered(directory: str, done: Completed, context: Context) -> list[Item]:
    """What it repeats of git's complaints may hold a secret, and is not told: git is asked itself."""
    try:
        return betterleaks.answered(done, past.expected())
    except Unavailable:
        context.repository.require_whole(context.workspace / directory)
        raise


def _in_files(
    directory: str, found: Sequence[kingfisher.Told], borrowed: Borrowed, context: Context
) -> Iterator[Item]:
    """Its findings in versions of files, each in every commit that brought that version.

    It names one commit of several, and may name one that no branch leads to any more.
    """
    told = kingfisher.by_place(found)
    known = borrowed.reached.union(borrowed.stand_ins)
    # What is planted stands in no object of the repository itself.
    own = [place for place in told if place[0] in known or place[1] not in past.expected()]
    blobs = context.repository.files_at(context.workspace / directory, own)
    traces = context.repository.traces(frozenset(blobs.values())) if blobs else {}
    for some in _batches(list(told), _FILES_AT_ONCE):
        content = _objects({blobs[place] for place in some if place in blobs}, context)
        for place in some:
            blob = blobs.get(place, "")
            came = brought(traces.get(blob, ()))
            if came or place[0] in known or not blob:
                for one in kingfisher.items(told[place], content.get(blob)):
                    yield from (_brought_by(trace, one) for trace in came) if came else (one,)


def _brought_by(trace: Trace, one: Item) -> Item:
    about = {"git.sha": trace.commit, "git.author_name": trace.author, "git.date": trace.at.isoformat()}
    return {
        **one,
        "location": {**one["location"], "path": trace.path},
        "attributes": {**one["attributes"], **about},
    }


def _in_messages(borrowed: Borrowed, tips: Sequence[Tip], context: Context) -> Iterator[Item]:
    """Its findings in the messages of commits and tags, which it does not read by itself."""
    tags = {tip.object_id for tip in tips if tip.kind == "tag"}
    others = {tip.object_id for tip in tips if tip.kind not in {"tag", "commit"}}
    others |= {tip.peeled for tip in tips if tip.peeled_kind != "commit"}
    for some in _batches(sorted(borrowed.reached - others), _AT_ONCE):
        texts = {one: commit_text(raw) for one, raw in _objects(some, context).items()}
        found = scan_files(_MESSAGES, {one: text.message for one, text in texts.items()}, context)
        for item in found:
            object_id = str(item["location"]["path"]).rpartition(INSIDE)[2]
            written, kind = texts[object_id], "tag" if object_id in tags else "commit"
            about = {"git.sha": object_id, "resource": f"git.{kind}_message"}
            about |= {"git.author_name": written.author, "git.date": written.at.isoformat()}
            yield {**item, "location": {**item["location"], "path": ""}, "attributes": about}


def _objects(object_ids: Collection[str], context: Context) -> Mapping[str, bytes]:
    held: dict[str, bytearray] = {}
    context.repository.these_objects(
        lambda one, window: held.setdefault(one, bytearray()).extend(window), 0, sorted(object_ids)
    )
    return {one: bytes(content) for one, content in held.items()}


def _batches(every: Sequence[_Some], size: int) -> Iterator[Sequence[_Some]]:
    yield from (every[start : start + size] for start in range(0, len(every), size))
