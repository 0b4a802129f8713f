"""Why a clone does not hold the whole history."""

from hotelctl.core.ports import WorkTree
from hotelctl.probes.context import Context


def clone_gap(context: Context, tree: WorkTree) -> str:
    """In words that say how to mend it; empty where nothing is known to be missing."""
    if tree.shallow:
        return "the clone is shallow: git fetch --unshallow"
    if context.repository.is_partial():
        return "the clone is partial: git fetch --refetch --no-filter"
    return ""
