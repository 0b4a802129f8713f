"""The scanner's search through what its own walk cannot read in the history.

That is archives, text in UTF-16, and files that Git LFS keeps.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from hotelctl.core.errors import Unavailable
from hotelctl.core.history import Trace
from hotelctl.facts.archives import INSIDE, Archives, named
from hotelctl.facts.encoding import is_utf_16
from hotelctl.facts.leaks import Leak, Leaks, standing
from hotelctl.facts.object_search import ObjectSearch
from hotelctl.facts.past_leaks import ArchiveLeaks, PastLeak, brought
from hotelctl.facts.places import Place, by_place
from hotelctl.probes.context import Context
from hotelctl.probes.large_files import absent, by_pointer
from hotelctl.probes.leak_search import leaks_in

_ARCHIVE = "archives.tar"
_NO_TIME = datetime.max.replace(tzinfo=UTC)


def archive_leaks(context: Context, searched: ObjectSearch) -> ArchiveLeaks:
    """What it finds in those that a branch or a tag leads to, in each commit that brought one.

    What was not opened is told by its path in the first of those.

    Raises:
        Unavailable: git could not read the history, or the scanner could not judge.

    """
    if searched.trouble:
        raise Unavailable(searched.trouble)
    asked = frozenset((*searched.archives, *searched.utf_16, *searched.large))
    if not asked:
        return ArchiveLeaks()
    traces = context.repository.traces(asked)
    archives = Archives(also=is_utf_16)
    context.repository.these_objects(archives, 0, sorted(traces.keys() - searched.large.keys()))
    large, left_out = _large({one: searched.large[one] for one in traces if one in searched.large}, context)
    held = {**archives.held, **large}
    came = {one: _by_standing(_came(one, traces[one])) for one in sorted(traces)}
    # The path says whether it is a sample, and its end what the scanner itself can open.
    files = {
        f"{one}/{path}": bytes(held[one]) for one, paths in came.items() if one in held for path in paths
    }
    told = leaks_in(_ARCHIVE, files, context) if files else Leaks()
    left = {one: why for one, why in archives.left_out.items() if one in came}
    doubts = by_place((_place(one, came), why) for one, why in {**left, **left_out, **told.doubts}.items())
    found = tuple(past for leak in told.found for past in _past(leak, came))
    return ArchiveLeaks(found, doubts, all_reached=len(traces) == len(asked))


def _by_standing(traces: tuple[Trace, ...]) -> Mapping[str, tuple[Trace, ...]]:
    """By the first path of each kind, as a sample at one path may be none at another, those of its kind."""
    kinds: dict[object, list[Trace]] = {}
    for one in traces:
        kinds.setdefault(standing(one.path), []).append(one)
    return {alike[0].path: tuple(alike) for alike in kinds.values()}


def _came(object_id: str, traces: tuple[Trace, ...]) -> tuple[Trace, ...]:
    """Of the commits those that brought it; the object itself where a tag alone leads to it."""
    return brought(traces) or (Trace(object_id, "", _NO_TIME, ""),)


def _large(
    pointers: Mapping[str, str], context: Context
) -> tuple[Mapping[str, bytearray], Mapping[str, str]]:
    """Of objects that point at a file of Git LFS its content, of others why not."""
    if not pointers:
        return {}, {}
    held, here = Archives(also=lambda _: True), context.repository.large_files(frozenset(pointers.values()))
    failed = context.repository.each_large_file(held, 0, tuple(here))
    why = {**held.left_out, **{digest: named(reason, digest) for digest, reason in failed.items()}}
    content = {one: held.held[digest] for one, digest in pointers.items() if digest in held.held}
    return content, by_pointer(pointers, why) | absent(pointers, here)


def _place(name: str, came: Mapping[str, Mapping[str, tuple[Trace, ...]]]) -> Place:
    object_id, _, path = name.partition("/")
    first, traces = next(iter(came[object_id].items()))
    return path or first or f"object {object_id[:12]}", traces[0].commit


def _past(leak: Leak, came: Mapping[str, Mapping[str, tuple[Trace, ...]]]) -> tuple[PastLeak, ...]:
    object_id, _, path = leak.path.partition("/")
    paths = came[object_id]
    first = (
        path if path in paths else max((one for one in paths if path.startswith(f"{one}{INSIDE}")), key=len)
    )
    member = path.removeprefix(first).removeprefix(INSIDE)
    return tuple(
        PastLeak(
            replace(leak, path=f"{one.path}{INSIDE}{member}" if member else one.path),
            one.commit,
            one.author,
            one.at,
        )
        for one in paths[first]
    )
