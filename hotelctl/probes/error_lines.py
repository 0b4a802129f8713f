"""What the release that serves logs as errors."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Location
from hotelctl.facts.error_lines import ErrorLine, ErrorLines, error_lines
from hotelctl.facts.journal_story import traffic_came
from hotelctl.probes.context import Context

_LATELY = timedelta(hours=1)


def serving_error_lines(context: Context) -> ErrorLines:
    """Those since traffic came to it, of the last hour at most.

    Raises:
        NotApplicable: nothing is deployed.
        Unavailable: nobody can tell what has the traffic or since when, or the log is gone.

    """
    release = context.release().release_id
    since = max(_came(context, release), context.clock.now() - _LATELY)
    log = context.state / "releases" / release / "log" / "service.log"
    zone = context.clock.now().astimezone().tzinfo or UTC
    lines: list[ErrorLine] = []
    untimed: list[Location] = []
    read = 0
    # What a full log held before stands beside it.
    for path in (log.with_name(f"{log.name}.1"), log):
        text = _text(context, path)
        found, without = error_lines(_shown(context, path), text, zone)
        lines += [line for line in found if line.at >= since]
        untimed += without
        read += text.count("\n")
    if not context.files.is_file(log):
        raise Unavailable(f"{_shown(context, log)}: the log of the release that serves is gone")
    limit = context.configuration.environment.watch.max_error_lines
    return ErrorLines(_shown(context, log), since, tuple(lines), tuple(untimed), read, limit)


def _came(context: Context, release: str) -> datetime:
    for path in reversed(context.journals):
        came = traffic_came(_shown(context, path), context.files.read(path), release)
        if came is not None:
            return came
    raise Unavailable("no journal tells how this release came to serve")


def _text(context: Context, path: Path) -> str:
    return context.files.read(path).decode(errors="replace") if context.files.is_file(path) else ""


def _shown(context: Context, path: Path) -> str:
    project = context.configuration.project
    return str(path.relative_to(project) if path.is_relative_to(project) else path)
