"""The files that are in the repository, or would be with the next `git add`."""

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import WorkTree
from hotelctl.facts.tree_files import TreeFiles
from hotelctl.probes.context import Context
from hotelctl.probes.staged_files import LARGEST_BYTES

_MOST_BYTES = 1_000_000_000
# A file that was removed since, a link and the place of a submodule hold nothing of this repository.
_NOTHING = ("is not there", "is a link", "is no plain file")


def tree_files(context: Context, tree: WorkTree) -> TreeFiles:
    """Tracked files as they lie here, and new ones that git does not ignore.

    Raises:
        Unavailable: it is more than memory should hold.

    """
    project = context.configuration.project
    tracked, changed = set(context.repository.tracked(("*",))), set(tree.dirty)
    said = context.files.contents(project, sorted(tracked | changed), LARGEST_BYTES)
    files = {name: what for name, what in said.items() if isinstance(what, bytes)}
    left = {name: what for name, what in said.items() if isinstance(what, str) and what not in _NOTHING}
    if sum(map(len, files.values())) > _MOST_BYTES:
        raise Unavailable(f"what git tracks here is more than {_MOST_BYTES / 1e9:.0f} GB")
    return TreeFiles(files, frozenset(changed - tracked), left)
