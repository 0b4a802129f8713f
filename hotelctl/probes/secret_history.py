"""The search for the service's own secrets in every object that the repository still holds."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.history import Trace
from hotelctl.core.ports import WorkTree
from hotelctl.facts.archives import INSIDE, Archives, Opened
from hotelctl.facts.secret_copies import NamedSecret, Search, SecretValues, none_known
from hotelctl.facts.secret_history import PastCopy, SecretHistory
from hotelctl.probes.clone_gap import clone_gap
from hotelctl.probes.context import Context

Hits = Mapping[tuple[str, NamedSecret], bool]
"""Each object that holds a secret, and whether only encoded."""


def secret_history(context: Context, tree: WorkTree, secrets: SecretValues) -> SecretHistory:
    """Files, archives, file names, commits and tags of all branches, and what no branch reaches any more.

    Raises:
        NotApplicable: no value of a secret is known here that could be searched for.

    """
    if not secrets.known:
        raise NotApplicable(none_known(secrets))
    search = Search(secrets.known)
    archives, opened = Archives(search.longest), Opened()
    hits: dict[tuple[str, NamedSecret], bool] = {}

    def look(object_id: str, window: bytes) -> None:
        archives(object_id, window)
        note(object_id, window)

    def note(object_id: str, window: bytes) -> None:
        for one, encoded, _ in search(window):
            hits[object_id, one] = hits.get((object_id, one), True) and encoded

    gap, objects = clone_gap(context, tree), 0
    try:
        objects = context.repository.each_object(look, search.longest)
    except Unavailable as trouble:
        gap = gap or trouble.reason
    for object_id, content in archives.held.items():
        for _, data in opened(object_id, bytes(content)):
            note(object_id, data)
    left_out = {**archives.left_out, **opened.left_out}
    asked = {object_id for object_id, _ in hits} | {name.partition(INSIDE)[0] for name in left_out}
    found, why = _traces(context, tree, asked)
    doubts = {_path(name, found or {}): reason for name, reason in left_out.items()}
    return SecretHistory(objects, tuple(_copies(context, hits, found)), gap or why, doubts)


def _traces(
    context: Context, tree: WorkTree, object_ids: Iterable[str]
) -> tuple[Mapping[str, tuple[Trace, ...]] | None, str]:
    """Those of each object that is reached, or why they cannot be found.

    Paths are told from the project, which may be a part of the repository.
    """
    wanted = frozenset(object_ids)
    if not wanted:
        return {}, ""
    project = context.configuration.project
    try:
        found = context.repository.traces(wanted)
    except Unavailable as trouble:
        return None, trouble.reason
    return {
        one: tuple(
            replace(trace, path=os.path.relpath(tree.root / trace.path, project)) if trace.path else trace
            for trace in dict.fromkeys(traces)
        )
        for one, traces in found.items()
    }, ""


def _path(name: str, found: Mapping[str, tuple[Trace, ...]]) -> str:
    """Of an object, or of an archive in it."""
    object_id, inside, member = name.partition(INSIDE)
    paths = (trace.path for trace in found.get(object_id, ()) if trace.path)
    return next(paths, f"object {object_id[:12]}") + inside + member


def _copies(
    context: Context, hits: Hits, found: Mapping[str, tuple[Trace, ...]] | None
) -> Iterable[PastCopy]:
    for (object_id, one), encoded in hits.items():
        traces = found.get(object_id) if found is not None else None
        reached = None if found is None else traces is not None
        mark = context.mark(one.value.reveal())
        yield PastCopy(one.names, object_id, mark, encoded, traces or (), reached)
