"""ENV007: every line of an env file is read."""

from collections.abc import Iterator

from hotelctl.core.check import check
from hotelctl.core.finding import FileExcerpt, Finding, Location, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.env_files import EnvFiles

_HIDDEN = "(text not shown: it may hold a secret)"


@check(
    "ENV007",
    "Every line of an env file is read",
    severity=Severity.HIGH,
    rationale=(
        "The reader skips what it cannot parse without an error, so a key is missing although it stands "
        "there."
    ),
    remediation="Close the quote, add the equals sign, or turn the line into a comment.",
)
def lines_are_read(files: EnvFiles) -> Iterator[Finding]:
    """A finding for every line that sets nothing although it is no comment."""
    for file in files.used:
        for dropped in file.dropped:
            yield Finding(
                subject=f"{file.path}:{dropped.line}",
                message=f"{file.path}:{dropped.line} {dropped.why}",
                evidence=(FileExcerpt(file.path, dropped.line, by_shape(_HIDDEN)),),
                location=Location(file.path, dropped.line),
                fix="KEY=value",
            )
