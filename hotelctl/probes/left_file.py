"""Files that another run left in the checkout: they count if they can be of nothing but what is there now."""

from collections.abc import Collection
from datetime import datetime

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import WorkTree
from hotelctl.probes.context import Context


def require_committed(tree: WorkTree, but: Collection[str], name: str) -> None:
    """Return when all else than `but` is committed. Raises `Unavailable`."""
    changed = next((path for path in tree.dirty if path not in but), None)
    if changed is not None:
        raise Unavailable(f"{changed} is not committed, so {name} may be of another state")


def written_since(tree: WorkTree, context: Context, name: str, *, again: str = "") -> datetime:
    """When the file was written; `again` ends the sentence about an old one with how another is made.

    Raises:
        Unavailable: for before this checkout, or where nobody knows.

    """
    if context.repository.tracked([name]):
        raise Unavailable(f"{name} is tracked by git, so nobody knows when and of what it was written")
    at = context.files.modified_at(context.configuration.project / name)
    since = max(filter(None, (tree.committed_at, tree.moved_at)))
    if at < since:
        times = f"{at:%Y-%m-%d %H:%M:%S}, before HEAD came here at {since:%Y-%m-%d %H:%M:%S}"
        raise Unavailable(f"{name} was written {times} UTC{again}")
    return at
