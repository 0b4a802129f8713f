"""A scanner's search through a history that this command borrows, and what each is given besides it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from hotelctl.core.errors import Unavailable
from hotelctl.core.history import Borrowed, Change, LookAtChange, Tip, Trace
from hotelctl.facts import betterleaks, kingfisher
from hotelctl.facts import past_leaks as past
from hotelctl.facts.added_text import AddedText
from hotelctl.facts.archives import INSIDE
from hotelctl.facts.commit_text import CommitText, commit_text
from hotelctl.facts.leaks import Item, meant, unpromised
from hotelctl.facts.past_leaks import PastLeak, brought
from hotelctl.probes.context import Context
from hotelctl.probes.leak_search import asked, scan_files, scanner_of, words

_Some = TypeVar("_Some")
_TIMEOUT_S = 1800.0
_MESSAGES = "messages.tar"
_CHANGES = "changes.tar"
# So much of what was added is held at a time.
_CHANGES_BYTES = 8_000_000
# What is longer may fall between two parts of a large file.
_SHARED_BYTES = 20_000
# So many messages, or versions of files, are held at a time.
_AT_ONCE = 20_000
_FILES_AT_ONCE = 200


def past_words(directory: str, context: Context) -> tuple[str, ...]:
    """How the scanner is asked about the history borrowed into that directory, its own name first."""
    if scanner_of(context.configuration.spec).program == betterleaks.PROGRAM:
        return words(_CHANGES, context)
    return (kingfisher.PROGRAM, *kingfisher.command(directory, past=True))


def past_search(
    directory: str, borrowed: Borrowed, tips: Sequence[Tip], context: Context, *, goes_on: bool = False
) -> tuple[PastLeak, ...]:
    """What it finds in the history that was borrowed into that directory, between what is planted there.

    One that `goes_on` leaves out what the tips of a former history lead to.

    Raises:
        Unavailable: it could not judge.

    """
    if scanner_of(context.configuration.spec).program == betterleaks.PROGRAM:
        items = _in_changes(directory, tips, context, goes_on=goes_on)
    else:
        items = _in_versions(directory, borrowed, tips, context)
    return tuple(dict.fromkeys(past.past_leaks(items, context.mark, borrowed.stand_ins)))


def _in_changes(directory: str, tips: Sequence[Tip], context: Context, *, goes_on: bool) -> list[Item]:
    """Its findings in what each commit added, and in messages: it is given these, many commits at a time.

    It could walk through the history itself, and takes ten times as long to take each change apart.
    """
    tags = frozenset(tip.object_id for tip in tips if tip.kind == "tag")
    found: list[Item] = []
    large: defaultdict[str, list[tuple[Change, str]]] = defaultdict(list)
    held = AddedText(tags)

    def look(change: Change) -> None:
        nonlocal held
        held.take(change)
        for path, object_id in change.large:
            large[object_id].append((change, path))
        if held.size >= _CHANGES_BYTES:
            found.extend(_scanned(held, context))
            held = AddedText(tags)

    try:
        context.repository.each_change(context.workspace / directory, look, goes_on=goes_on)
    except Unavailable:
        # Git tells more of what is not there where it is asked for nothing else.
        context.repository.require_whole(context.workspace / directory)
        raise
    for tag, text in _texts(tags, context):
        look(Change(tag, text.author, text.at, text.message, ()))
    for object_id, came in large.items():
        _each_part(object_id, came[0], look, context)
    found.extend(_scanned(held, context))
    found = [one for item in found for one in _wherever(item, large)]
    return meant(betterleaks.PROGRAM, found, past.expected())


def _each_part(object_id: str, first: tuple[Change, str], look: LookAtChange, context: Context) -> None:
    """`look` is given a large file a part at a time, as if the object were a commit that adds it."""
    change, path = first
    line = 1

    def part(_: str, window: bytes) -> None:
        nonlocal line
        added = b"+" + window.replace(b"\n", b"\n+") + b"\n"
        look(replace(change, commit=object_id, message=b"", added=((path, line, added),), large=()))
        line += window.count(b"\n", 0, max(0, len(window) - _SHARED_BYTES))

    context.repository.these_objects(part, _SHARED_BYTES, [object_id])


def _wherever(item: Item, large: Mapping[str, Sequence[tuple[Change, str]]]) -> Iterator[Item]:
    """What stands in a large file is told of each commit that brought it, at its path there."""
    came = large.get(item["attributes"]["git.sha"])
    if came is None:
        yield item
    for change, path in came or ():
        about = {
            "git.sha": change.commit,
            "git.author_name": change.author,
            "git.date": change.at.isoformat(),
        }
        yield {
            **item,
            "location": {**item["location"], "path": path},
            "attributes": {**item["attributes"], **about},
        }


def _scanned(held: AddedText, context: Context) -> list[Item]:
    files = held.files()
    items = scan_files(_CHANGES, files, context)
    try:
        return held.placed(items, _CHANGES, files) if items else []
    except (KeyError, TypeError, ValueError) as error:
        raise unpromised(betterleaks.PROGRAM) from error


def _in_versions(directory: str, borrowed: Borrowed, tips: Sequence[Tip], context: Context) -> list[Item]:
    """The findings of the other one, which walks through all versions of files itself."""
    program, *told = past_words(directory, context)
    done = asked(program, tuple(told), _TIMEOUT_S, context)
    # It passes over an object that is not there without a word.
    context.repository.require_whole(context.workspace / directory)
    commits = borrowed.commits + len(past.ends()) + len(borrowed.stand_ins)
    found = kingfisher.in_history(done, commits)
    in_files = meant(program, _in_files(directory, found, borrowed, context), past.expected())
    return [*in_files, *_in_messages(borrowed, tips, context)]


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
        texts = dict(_texts(some, context))
        found = scan_files(_MESSAGES, {one: text.message for one, text in texts.items()}, context)
        for item in found:
            object_id = str(item["location"]["path"]).rpartition(INSIDE)[2]
            written, kind = texts[object_id], "tag" if object_id in tags else "commit"
            about = {"git.sha": object_id, "resource": f"git.{kind}_message"}
            about |= {"git.author_name": written.author, "git.date": written.at.isoformat()}
            yield {**item, "location": {**item["location"], "path": ""}, "attributes": about}


def _texts(object_ids: Collection[str], context: Context) -> Iterator[tuple[str, CommitText]]:
    """Commits and tags."""
    return ((one, commit_text(raw)) for one, raw in _objects(object_ids, context).items())


def _objects(object_ids: Collection[str], context: Context) -> Mapping[str, bytes]:
    held: dict[str, bytearray] = {}
    context.repository.these_objects(
        lambda one, window: held.setdefault(one, bytearray()).extend(window), 0, sorted(object_ids)
    )
    return {one: bytes(content) for one, content in held.items()}


def _batches(every: Sequence[_Some], size: int) -> Iterator[Sequence[_Some]]:
    yield from (every[start : start + size] for start in range(0, len(every), size))
