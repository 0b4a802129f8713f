"""What the clone knows of the branch that HEAD is merged into."""

from hotelctl.core.errors import NotApplicable, Unavailable, UsageError
from hotelctl.core.ports import WorkTree
from hotelctl.facts.base_stand import BaseStand
from hotelctl.probes.context import Context


def base_stand(context: Context, tree: WorkTree) -> BaseStand:
    """That branch; no other machine is asked.

    Raises:
        NotApplicable: there is no other repository.
        Unavailable: there is one, but no branch of it that HEAD goes to.

    """
    if tree.shallow:
        raise Unavailable("the clone is shallow, so commits cannot be compared: git fetch --unshallow")
    try:
        base = context.repository.base()
        alone = base is None and not context.repository.has_remote()
    except UsageError as error:
        raise Unavailable(error.message) from error
    if alone:
        raise NotApplicable("the repository has no remote whose commits HEAD could lack")
    if base is None:
        raise Unavailable(
            "no remote branch is known that this one goes to: git remote set-head origin --auto"
        )
    return BaseStand(base, context.clock.now())
