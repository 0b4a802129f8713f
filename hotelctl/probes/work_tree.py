"""The checkout and a clean copy of its commit."""

from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.ports import WorkTree
from hotelctl.facts.artifact import Export
from hotelctl.probes.context import Context


def work_tree(context: Context) -> WorkTree:
    """HEAD and what differs from it."""
    try:
        return context.repository.work_tree()
    except UsageError as error:
        raise Unavailable(error.message) from error


def export(context: Context, tree: WorkTree) -> Export:
    """The tree of HEAD in a directory of its own, where nothing uncommitted can be seen."""
    path = context.workspace / "source"
    context.files.remove(path)
    context.repository.export(tree.commit, path)
    return Export(tree.commit, path)
