"""OPS004: the changelog tells of what is released."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.change_notes import ChangeNotes
from hotelctl.facts.changelog import Changelog


@check(
    "OPS004",
    "The changelog tells of this release",
    severity=Severity.MEDIUM,
    rationale="Whoever runs a release has to know what changed, above all when it goes wrong.",
    remediation="Write the entry of the version, text below Unreleased, or a fragment.",
)
def changes_are_told(notes: ChangeNotes) -> Iterator[Finding]:
    """A finding without fragments, unreleased text, or an entry of a version that is new here."""
    log = notes.changelog
    if log is None or notes.fragments or log.unreleased:
        return
    entry = next((one for one in log.entries if one.version == notes.version), None)
    if entry is None:
        yield _silent(log, None, f"has no entry for {notes.version}, and nothing unreleased")
    elif notes.elsewhere is not None:
        said = f"tells of {notes.version}, which {notes.elsewhere} released; nothing tells of what came since"
        yield _silent(log, entry.line, said)


def _silent(log: Changelog, line: int | None, said: str) -> Finding:
    location = Location(log.path, line)
    return Finding(
        "changelog", f"{location} {said}", (FileExcerpt(log.path, line, by_shape(said)),), location
    )
