"""OPS016: the release that serves logs no errors."""

from collections.abc import Iterator

from hotelctl.core.check import Stage, check
from hotelctl.core.finding import FileExcerpt, Finding, Measurement, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.error_lines import ErrorLines

_SHOWN = 3


@check(
    "OPS016",
    "The release that serves logs no errors",
    severity=Severity.HIGH,
    rationale="A release may answer its health path while its log tells of what goes wrong.",
    remediation="Read the lines that are named; [environments.NAME.watch] max_error_lines is what is borne; "
    "without it none send a release back.",
    stage=Stage.WATCHED,
)
def log_tells_of_no_error(log: ErrorLines) -> Iterator[Finding]:
    """A finding for lines of level error since the switch, after a deploy those of the whole watch.

    It is a note without a limit, and up to it. So is one for lines of a log that tells no times at all, since
    they may be of before the switch.
    """
    if log.found.count:
        yield _since_the_switch(log)
    last = log.found.last_untimed
    if log.undated and last is not None:
        yield Finding(
            subject="error lines without a time",
            message=f"{log.undated} of {log.found.read} log lines are of level error or worse since the "
            f"release was started, and no line says when it was written; the newest: {last}",
            evidence=(Measurement("lines of level error", log.undated, "lines", None, log.found.read),),
            location=last,
            fix=f"sed -n {last.line}p {last.path}",
            severity=Severity.MEDIUM,
        )


def _since_the_switch(log: ErrorLines) -> Finding:
    found, limit = log.found, log.limit
    shown = found.lines[-_SHOWN:]
    last = shown[-1].place
    named = ", ".join(str(line.place) for line in shown)
    borne = "" if limit is None else f", {limit} are borne"
    return Finding(
        subject="error lines",
        message=f"{found.count} of {found.read} log lines are of level error or worse since "
        f"{log.since:%Y-%m-%d %H:%M:%S} UTC{borne}; the newest: {named}",
        evidence=(
            Measurement("lines of level error", found.count, "lines", limit, found.read),
            *(
                FileExcerpt(line.place.path, line.place.line, by_shape(f"{line.level} at {line.at}"))
                for line in shown
            ),
        ),
        location=last,
        fix=f"sed -n {last.line}p {last.path}",
        severity=Severity.MEDIUM if limit is None or found.count <= limit else None,
    )
