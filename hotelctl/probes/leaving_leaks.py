"""The scanner's search through what leaves the repository."""

from hotelctl.facts.leaks import Leaks
from hotelctl.facts.leaving import ArtifactFiles, ContextFiles, LeavingLeaks
from hotelctl.facts.tree_files import TreeFiles
from hotelctl.probes.context import Context
from hotelctl.probes.leak_search import leaks_in, words

_ARCHIVE = "leaving.tar"


def leaving_leaks(
    context: Context, sent: ContextFiles, built: ArtifactFiles, tree: TreeFiles
) -> LeavingLeaks:
    """What it finds; a file of the artifact that git tracks as it is was searched with the tree.

    Raises:
        Unavailable: the scanner could not judge.

    """
    tracked = frozenset(tree.files.values())
    own = {path: content for path, content in built.files.items() if content not in tracked}
    files = {**sent.files, **own}
    argv = words(_ARCHIVE, context)
    told = leaks_in(_ARCHIVE, files, context, named=True) if files else Leaks()
    return LeavingLeaks(argv, told.found, told.doubts)
