"""What git says of the tags of a release."""

from packaging.utils import canonicalize_name

from hotelctl.core.errors import NotApplicable, Unavailable, UsageError
from hotelctl.core.ports import WorkTree
from hotelctl.facts.release_tags import ReleaseTags
from hotelctl.facts.version_claims import version_of
from hotelctl.probes.context import Context


def release_tags(context: Context, tree: WorkTree) -> ReleaseTags:
    """The signatures. Raises `NotApplicable` where no tag of HEAD names a version."""
    names = frozenset({canonicalize_name(context.configuration.spec.service.name)})
    tags = [tag for tag in tree.tags if version_of(tag, names) is not None]
    if not tags:
        raise NotApplicable("no tag of HEAD names a version")
    try:
        return ReleaseTags({tag: context.repository.signature(tag) for tag in tags})
    except UsageError as error:
        raise Unavailable(error.message) from error
