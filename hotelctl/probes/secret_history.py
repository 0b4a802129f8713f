"""The search for the service's own secrets in every object that the repository still holds."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.history import Trace
from hotelctl.core.ports import WorkTree
from hotelctl.facts.archives import INSIDE
from hotelctl.facts.lfs_pointer import NOT_FETCHED, NOT_REACHED
from hotelctl.facts.object_search import ObjectHit, ObjectSearch
from hotelctl.facts.places import Place, by_place
from hotelctl.facts.secret_copies import SecretValues, none_known, search_for
from hotelctl.facts.secret_history import PastCopy, SecretHistory
from hotelctl.facts.tree_files import TreeFiles
from hotelctl.probes.clone_gap import clone_gap, moved
from hotelctl.probes.context import Context
from hotelctl.probes.large_files import large_file_search

_KINDS = {"heads": "branch", "tags": "tag", "remotes": "branch of a remote"}


# The work tree is read before: what a commit took from there meanwhile is in neither, and the tips tell it.
def secret_history(
    context: Context, tree: WorkTree, secrets: SecretValues, searched: ObjectSearch, _files: TreeFiles
) -> SecretHistory:
    """Files, archives, file names, commits and tags of all branches, and what no branch reaches any more.

    Raises:
        NotApplicable: no value of a secret is known here that could be searched for.

    """
    if not secrets.known:
        raise NotApplicable(none_known(secrets))
    large = large_file_search(searched.large, secrets.known, context)
    hits, left_out = (*searched.hits, *large.hits), {**searched.doubts, **large.doubts}
    held = {name.partition(INSIDE)[0] for name in left_out}
    found, why = _traces(context, tree, {hit.object_id for hit in hits} | held)
    lost = left_out.keys() - found.keys() if found is not None else ()
    left_out |= {one: left_out[one].replace(NOT_FETCHED, NOT_REACHED) for one in lost}
    doubts = by_place((_place(name, found or {}), reason) for name, reason in left_out.items())
    named, untold = _named(secrets, context)
    gap = clone_gap(context, tree) or searched.trouble or why or untold or moved(tree, searched, context)
    return SecretHistory(searched.objects, (*_copies(hits, found), *named), gap, doubts)


def _named(secrets: SecretValues, context: Context) -> tuple[tuple[PastCopy, ...], str]:
    """Names that hold a value, which are not repeated here, or why they cannot be read."""
    try:
        names = context.repository.names()
    except Unavailable as trouble:
        return (), trouble.reason
    search = search_for(secrets.known)
    found = {
        (one, object_id, _KINDS.get(name.split("/")[1], "ref")): encoded
        for name, object_id in names.items()
        for one, encoded, _ in search(name.encode())
    }
    return tuple(
        PastCopy(
            one.names, object_id, context.mark(one.value.reveal()), encoded, (), reached=True, called=kind
        )
        for (one, object_id, kind), encoded in found.items()
    ), ""


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


def _place(name: str, found: Mapping[str, tuple[Trace, ...]]) -> Place:
    """Of an object, or of an archive in it."""
    object_id, inside, member = name.partition(INSIDE)
    traces = (trace for trace in found.get(object_id, ()) if trace.path)
    first = next(traces, None)
    path, commit = (first.path, first.commit) if first else (f"object {object_id[:12]}", object_id)
    return path + inside + member, commit


def _copies(hits: Iterable[ObjectHit], found: Mapping[str, tuple[Trace, ...]] | None) -> Iterable[PastCopy]:
    for hit in hits:
        traces = found.get(hit.object_id) if found is not None else None
        reached = None if found is None else traces is not None
        yield PastCopy(hit.names, hit.object_id, hit.mark, hit.encoded, traces or (), reached)
