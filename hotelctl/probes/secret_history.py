"""The search for the service's own secrets in every object that the repository still holds."""

import os
from dataclasses import replace

from hotelctl.core.errors import Unavailable
from hotelctl.core.history import Trace
from hotelctl.core.ports import WorkTree
from hotelctl.facts.secret_copies import NamedSecret, Search, SecretValues
from hotelctl.facts.secret_history import PastCopy, SecretHistory
from hotelctl.probes.context import Context

_MOST = 50


def secret_history(context: Context, tree: WorkTree, secrets: SecretValues) -> SecretHistory:
    """Files, file names, commits and tags of all branches, and what no branch reaches any more."""
    search, repository = Search(secrets.known), context.repository
    # The value as it is wins over an encoded one.
    hits: dict[tuple[str, tuple[str, ...]], tuple[NamedSecret, bool]] = {}

    def look(object_id: str, window: bytes) -> None:
        for one, encoded, _ in search(window):
            if not encoded or (object_id, one.names) not in hits:
                hits[object_id, one.names] = (one, encoded)

    gap, objects = "", 0
    if tree.shallow:
        gap = "the clone is shallow: git fetch --unshallow"
    elif repository.is_partial():
        gap = "the clone is partial: git fetch --refetch --no-filter"
    try:
        objects = repository.each_object(look, search.longest)
    except Unavailable as trouble:
        gap = trouble.reason
    copies = tuple(
        PastCopy(
            one.names, object_id, context.mark(one.value.reveal()), encoded, _traces(context, tree, object_id)
        )
        for (object_id, _), (one, encoded) in list(hits.items())[:_MOST]
    )
    return SecretHistory(objects, copies, max(0, len(hits) - _MOST), gap)


def _traces(context: Context, tree: WorkTree, object_id: str) -> tuple[Trace, ...]:
    """Paths are told from the project, which may be a part of the repository."""
    project = context.configuration.project
    return tuple(
        replace(one, path=os.path.relpath(tree.root / one.path, project)) if one.path else one
        for one in context.repository.traces(object_id)
    )
