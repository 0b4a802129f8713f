"""Why a clone does not hold the whole history, or not the same one all the time."""

from hotelctl.core.errors import Unavailable
from hotelctl.core.history import WRITTEN_TO
from hotelctl.core.ports import WorkTree
from hotelctl.facts.object_search import ObjectSearch
from hotelctl.probes.context import Context


def clone_gap(context: Context, tree: WorkTree) -> str:
    """In words that say how to mend it; empty where nothing is known to be missing."""
    if tree.shallow:
        return "the clone is shallow: git fetch --unshallow"
    if context.repository.is_partial():
        return "the clone is partial: git fetch --refetch --no-filter"
    return ""


def moved(tree: WorkTree, searched: ObjectSearch, context: Context) -> str:
    """That branches, tags or what is checked out are others than when this command and the search began.

    Empty where they are the same.
    """
    try:
        return "" if searched.same_as(context.repository.tips(), tree.commit) else WRITTEN_TO
    except Unavailable as trouble:
        return trouble.reason
