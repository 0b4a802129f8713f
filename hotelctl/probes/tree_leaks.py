"""The scanner's search through what git tracks here and what it could be made to track."""

from hotelctl.facts.leaks import Leaks, TreeLeaks
from hotelctl.facts.tree_files import TreeFiles
from hotelctl.probes.context import Context
from hotelctl.probes.leak_search import leaks_in, words

_ARCHIVE = "tree.tar"


def tree_leaks(context: Context, tree: TreeFiles) -> TreeLeaks:
    """What it finds in them and in their names.

    Raises:
        Unavailable: the scanner could not judge.

    """
    told = leaks_in(_ARCHIVE, tree.files, context, named=True) if tree.files else Leaks()
    argv = words(_ARCHIVE, context)
    return TreeLeaks(argv, len(tree.files), told.found, {**tree.doubts, **told.doubts}, tree.apart)
