"""What the release is called: by its wheel, the tags of HEAD, the changelog and the image."""

from collections.abc import Iterator

from packaging.utils import canonicalize_name

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Location
from hotelctl.core.ports import WorkTree
from hotelctl.facts.version_claims import Label, Tag, VersionClaims, version, version_of
from hotelctl.facts.wheel import Wheel
from hotelctl.probes.changelog_file import changelog_of
from hotelctl.probes.context import Context
from hotelctl.probes.dockerfiles import dockerfiles

_LABEL = "org.opencontainers.image.version"
_UNSET = (0, 0, 0)


def version_claims(context: Context, wheel: Wheel, tree: WorkTree) -> VersionClaims:
    """All that is said. Raises `NotApplicable` where nothing but the wheel says anything."""
    package = wheel.described()
    own = version(package.version)
    if own is None:
        raise Unavailable(f"{wheel.name}: {package.version!r} is no version")
    names = frozenset(canonicalize_name(n) for n in (package.name, context.configuration.spec.service.name))
    named = ((tag, version_of(tag, names)) for tag in tree.tags)
    tags = tuple(Tag(tag, found) for tag, found in named if found is not None)
    changelog = changelog_of(names, context)
    labels = tuple(_labels(context))
    if not tags and not labels and not (changelog and changelog.entries):
        raise NotApplicable(f"{own} is said by the artifact alone: no tag, no entry of a changelog, no label")
    return VersionClaims(wheel.name, own, tags, changelog, labels)


def _labels(context: Context) -> Iterator[Label]:
    """The version labels of the service's own image; a word such as `dev` waits for the build."""
    try:
        found = dockerfiles(context).files
    except NotApplicable:
        return
    for one in (one for file in found[:1] for one in file.shipped() if one.name == "LABEL"):
        for key, value in one.pairs:
            said = version((value or "").removeprefix("v")) if key == _LABEL else None
            if said is not None and said.release != _UNSET:
                yield Label(str(value), said, Location(found[0].path, one.line))
