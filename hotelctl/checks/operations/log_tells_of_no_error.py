"""OPS016: the release that serves logs no errors."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import FileExcerpt, Finding, Measurement, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.error_lines import ErrorLines

_SHOWN = 3


@check(
    "OPS016",
    "The release that serves logs no errors",
    severity=Severity.HIGH,
    rationale="A release may answer its health path while its log tells of what goes wrong.",
    remediation="Read the lines that are named; [environments.NAME.watch] max_error_lines is what is borne.",
    stage=Stage.RUNNING,
)
def log_tells_of_no_error(log: ErrorLines) -> Iterator[Finding]:
    """A finding for lines of level error since the switch, of the last hour at most; few are a note.

    Raises:
        Unavailable: of a line nothing says when it was written.

    """
    if log.lines:
        shown = log.lines[-_SHOWN:]
        named = ", ".join(str(line.place) for line in shown)
        last = shown[-1]
        yield Finding(
            subject="error lines",
            message=f"{len(log.lines)} of {log.read} log lines are of level error or worse since "
            f"{log.since:%Y-%m-%d %H:%M:%S} UTC, {log.limit} are borne; the newest: {named}",
            evidence=(
                Measurement("lines of level error", len(log.lines), "lines", log.limit, log.read),
                *(
                    FileExcerpt(line.place.path, line.place.line, by_shape(f"{line.level} at {line.at}"))
                    for line in shown
                ),
            ),
            location=last.place,
            fix=f"sed -n {last.place.line}p {last.place.path}",
            severity=Severity.MEDIUM if len(log.lines) <= log.limit else None,
        )
    if log.untimed:
        raise Unavailable(f"{log.untimed[-1]} is of level error, and nothing says when it was written")
