"""ENV006: each key stands once in a file."""

from collections.abc import Iterator

from hotelctl.checks.env import excerpt
from hotelctl.core.check import check
from hotelctl.core.finding import Finding, Location, Severity
from hotelctl.facts.env_files import EnvFile, EnvFiles


@check(
    "ENV006",
    "Each key stands once in a file",
    severity=Severity.HIGH,
    rationale="The last line wins without a word, so a person may change the one that does not count.",
    remediation="Remove all lines of the key but one.",
)
def keys_stand_once(files: EnvFiles) -> Iterator[Finding]:
    """A finding for every repeated key; a repeat of the same value is minor."""
    for file in files.used:
        yield from _repeats(file)


def _repeats(file: EnvFile) -> Iterator[Finding]:
    for key in sorted({entry.key for entry in file.entries}):
        entries = [entry for entry in file.entries if entry.key == key]
        if len(entries) > 1:
            same = len({entry.value.reveal() for entry in entries}) == 1
            lines = ", ".join(str(entry.line) for entry in entries)
            what = "the same value" if same else "different values; the last one counts"
            yield Finding(
                subject=key,
                message=f"{file.path}: {key} stands on lines {lines} with {what}",
                evidence=tuple(excerpt.of_line(file, entry.line, key) for entry in entries),
                location=Location(file.path, entries[0].line),
                fix=f"keep line {entries[-1].line} of {file.path} only",
                severity=Severity.LOW if same else None,
            )
