"""The files that are in the repository, or would be with the next `git add`."""

from collections.abc import Iterable

from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.core.history import WRITTEN_TO
from hotelctl.core.ports import WorkTree
from hotelctl.facts.archives import named
from hotelctl.facts.lfs_pointer import pointed_at
from hotelctl.facts.template_names import is_template
from hotelctl.facts.tree_files import TemplateFiles, TreeFiles
from hotelctl.probes.context import Context
from hotelctl.probes.staged_files import LARGEST_BYTES

_MOST_LOOKS = 3
_MOST_BYTES = 1_000_000_000
_ELSEWHERE = "is kept by Git LFS and not here: git lfs pull"
_DIRECTORY = "is no plain file"
# A file that was removed since, a link and the place of a submodule hold nothing of this repository.
_NOTHING = ("is not there", "is a link", _DIRECTORY)


def tree_files(context: Context, tree: WorkTree) -> TreeFiles:
    """Tracked files as they lie here, and new ones that git does not ignore, all of one moment.

    Raises:
        Unavailable: it is more than memory should hold, or git could not list it.

    """
    try:
        return _looked(context, set(tree.dirty), _MOST_LOOKS)
    except UsageError as error:
        raise Unavailable(error.message) from error


def _looked(context: Context, changed: set[str], looks: int) -> TreeFiles:
    """Again where a file came while others were read: it may hold what was taken out of one of them.

    What git says is changed now, and did not say when the command began, is not what the report is of.
    """
    tracked = set(context.repository.tracked(("*",)))
    files, left, apart = _read(context, tracked | changed)
    now = set(context.repository.changed())
    came = {*now, *context.repository.tracked(("*",))} - tracked - changed
    if came and looks > 1:
        return _looked(context, changed | came, looks - 1)
    touched = came | ((now & tracked) - changed)
    left |= dict.fromkeys(touched, WRITTEN_TO)
    return TreeFiles(files, frozenset(changed - tracked), left, apart)


def template_files(context: Context, tree: WorkTree) -> TemplateFiles:
    """Those of them that are templates by name, or as the service file says; no other one is read.

    Raises:
        Unavailable: it is more than memory should hold.

    """
    example = context.configuration.spec.env.example
    names = {*context.repository.tracked(("*",)), *tree.dirty}
    files, left, _ = _read(context, (name for name in names if is_template(name, example)))
    return TemplateFiles(files, left)


def _read(context: Context, names: Iterable[str]) -> tuple[dict[str, bytes], dict[str, str], tuple[str, ...]]:
    """The bytes by path, why others were not read, and directories. Raises `Unavailable`."""
    said = context.files.of_one_moment(context.configuration.project, sorted(names), LARGEST_BYTES)
    files = {name: what for name, what in said.items() if isinstance(what, bytes)}
    left = {name: what for name, what in said.items() if isinstance(what, str) and what not in _NOTHING}
    left |= {name: named(_ELSEWHERE, oid) for name, held in files.items() if (oid := pointed_at(held))}
    if sum(map(len, files.values())) > _MOST_BYTES:
        raise Unavailable(f"what git tracks here is more than {_MOST_BYTES / 1e9:.0f} GB")
    # Of what git lists only a repository inside this one is a directory.
    apart = tuple(name.rstrip("/") for name, what in said.items() if what == _DIRECTORY)
    return files, left, apart
