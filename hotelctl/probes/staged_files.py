"""What the next commit would bring, in the place of the files that lie here."""

from pathlib import Path

from hotelctl.core.errors import NotApplicable
from hotelctl.core.ports import Repository
from hotelctl.facts.tree_files import TreeFiles

LARGEST_BYTES = 50_000_000
ONLY_STAGED = "--staged looks at what the next commit would bring, and at nothing else"


def staged_files(project: Path, root: Path, repository: Repository) -> TreeFiles:
    """Staged files of the project, which may be a part of the repository at `root`.

    Raises:
        NotApplicable: nothing is staged there.
        Unavailable: git could not read all of it.

    """
    staged = repository.staged(LARGEST_BYTES)
    inside = {
        path: str((root / path).relative_to(project))
        for path in (*staged.files, *staged.left)
        if (root / path).is_relative_to(project)
    }
    if not inside:
        raise NotApplicable("nothing is staged")
    files = {inside[path]: content for path, content in staged.files.items() if path in inside}
    left = {inside[path]: why for path, why in staged.left.items() if path in inside}
    return TreeFiles(files, frozenset(), left)
