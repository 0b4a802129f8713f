"""The changelog of the project."""

from hotelctl.facts.changelog import Changelog, entries, tells_unreleased
from hotelctl.probes.context import Context

_NAMES = ("changelog", "changes", "history", "news", "release_notes", "releases")
_ENDS = ("", ".md", ".rst", ".txt")


def changelog_of(names: frozenset[str], context: Context) -> Changelog | None:
    """The first file with one of the usual names; headings may begin with one of the project's `names`."""
    project = context.configuration.project
    there = {path.name.lower(): path for path in context.files.glob(project, "*")}
    for name in (f"{base}{end}" for base in _NAMES for end in _ENDS):
        if name in there and context.files.is_file(there[name]):
            text = context.files.read(there[name]).decode("utf-8-sig", errors="replace")
            return Changelog(there[name].name, entries(text, names), tells_unreleased(text))
    return None
