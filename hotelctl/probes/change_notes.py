"""The changelog and the fragments that the next release adds to it."""

import tomllib
from collections.abc import Iterator

from packaging.utils import canonicalize_name
from packaging.version import Version

from hotelctl.core.errors import NotApplicable, Unavailable, UsageError
from hotelctl.core.ports import WorkTree
from hotelctl.facts.change_notes import ChangeNotes
from hotelctl.facts.declared_version import declared_version
from hotelctl.facts.version_claims import version, version_of
from hotelctl.probes.changelog_file import changelog_of
from hotelctl.probes.context import Context

# Where towncrier, scriv and changesets put them by default, and where others do by habit.
_DIRECTORIES = ("changelog.d", "newsfragments", ".changeset", "changes")
_NO_FRAGMENT = ("readme", ".git", "_template", "template", "config.")


def change_notes(context: Context, tree: WorkTree) -> ChangeNotes:
    """All that tells of changes.

    Raises:
        NotApplicable: the project has neither changelog nor fragments.
        Unavailable: it does not say its version.

    """
    names = frozenset({canonicalize_name(context.configuration.spec.service.name)})
    changelog, fragments = changelog_of(names, context), _fragments(context)
    if changelog is None and not fragments:
        raise NotApplicable("the project keeps no changelog, and no fragments of one")
    own = _version(context)
    try:
        tagged = context.repository.tagged()
    except UsageError as error:
        raise Unavailable(error.message) from error
    others = (tag for tag, commit in tagged.items() if commit != tree.commit)
    elsewhere = next((tag for tag in others if version_of(tag, names) == own), None)
    return ChangeNotes(changelog, fragments, own, elsewhere)


def _version(context: Context) -> Version:
    name, project = context.configuration.spec.service.version_file, context.configuration.project
    try:
        found = version(declared_version(name, lambda path: context.files.read(project / path)))
    except (OSError, ValueError) as error:
        raise Unavailable(f"{name}: no version can be read") from error
    if found is None:
        raise Unavailable(f"{name}: declares no version that can be compared")
    return found


def _fragments(context: Context) -> tuple[str, ...]:
    places = dict.fromkeys((*_towncrier(context), *_DIRECTORIES))
    found = context.repository.tracked([f"{place}/*" for place in places])
    return tuple(path for path in found if not path.rpartition("/")[2].lower().startswith(_NO_FRAGMENT))


def _towncrier(context: Context) -> Iterator[str]:
    path = context.configuration.project / "pyproject.toml"
    if not context.files.is_file(path):
        return
    try:
        tool = tomllib.loads(context.files.read(path).decode()).get("tool", {})
        yield str(tool["towncrier"]["directory"]).strip("/")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return
