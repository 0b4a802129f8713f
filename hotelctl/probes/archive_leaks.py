"""betterleaks' search through what its own walk cannot read in the history: archives, and text in UTF-16."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from hotelctl.core.errors import Unavailable
from hotelctl.core.history import Trace
from hotelctl.facts.archives import INSIDE, Archives
from hotelctl.facts.encoding import is_utf_16
from hotelctl.facts.leaks import Leak, Leaks, standing
from hotelctl.facts.object_search import ObjectSearch
from hotelctl.facts.past_leaks import ArchiveLeaks, PastLeak
from hotelctl.probes.context import Context
from hotelctl.probes.leak_search import leaks_in

_ARCHIVE = "archives.tar"
_NO_TIME = datetime.max.replace(tzinfo=UTC)


def archive_leaks(context: Context, searched: ObjectSearch) -> ArchiveLeaks:
    """What it finds in those that a branch or a tag leads to, in each commit that brought one.

    What was not opened is told by its path in the first of those.

    Raises:
        Unavailable: git could not read the history, or betterleaks could not judge.

    """
    if searched.trouble:
        raise Unavailable(searched.trouble)
    asked = frozenset((*searched.archives, *searched.utf_16))
    if not asked:
        return ArchiveLeaks()
    traces = context.repository.traces(asked)
    archives = Archives(also=is_utf_16)
    context.repository.these_objects(archives, 0, sorted(traces))
    came = {one: _by_standing(_came(one, traces[one])) for one in sorted(traces)}
    # The path says whether it is a sample, and its end what betterleaks itself can open.
    files = {
        f"{one}/{path}": bytes(archives.held[one])
        for one, paths in came.items()
        if one in archives.held
        for path in paths
    }
    told = leaks_in(_ARCHIVE, files, context) if files else Leaks()
    doubts = {_named(one, came): why for one, why in archives.left_out.items() if one in came}
    doubts |= {_named(one, came): why for one, why in told.doubts.items()}
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
    came = tuple(one for one in traces if one.came and one.path)
    own = tuple(one for one in came if not one.merged)
    return own or came or (Trace(object_id, "", _NO_TIME, ""),)


def _named(name: str, came: Mapping[str, Mapping[str, object]]) -> str:
    object_id, _, path = name.partition("/")
    return path or next(iter(came[object_id])) or f"object {object_id[:12]}"


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
