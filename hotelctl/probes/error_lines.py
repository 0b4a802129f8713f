"""What the release that serves logs as errors."""

from datetime import datetime, timedelta
from pathlib import Path

from hotelctl.core.errors import Unavailable
from hotelctl.facts.error_lines import ErrorLines, error_lines
from hotelctl.facts.journal_story import read_story, traffic_came
from hotelctl.facts.log_line import zone_of
from hotelctl.probes.context import Context

_LATELY = timedelta(hours=1)


def serving_error_lines(context: Context) -> ErrorLines:
    """Those since traffic came to it, of the last hour at most where no deploy asks that watched it.

    Lines whose time nothing tells are `undated` only where no line of the log tells one and the log is of
    that time: the operation that gave the traffic, since then, built the release, and so began its log.
    Else they are left out: they may be of any day, or, before the first time, of the start.

    Raises:
        NotApplicable: nothing is deployed.
        Unavailable: nobody can tell what has the traffic or since when, or the log is gone.

    """
    release = context.release().release_id
    came, built = _came(context, release)
    since = came if context.deploying else max(came, context.clock.now() - _LATELY)
    log = context.state / "releases" / release / "log" / "service.log"
    # What a full log held before stands beside it.
    paths = (log.with_name(f"{log.name}.1"), log)
    logs = [(context.configuration.shown(path), _text(context, path)) for path in paths]
    if not context.files.is_file(log):
        raise Unavailable(f"{context.configuration.shown(log)}: the log of the release that serves is gone")
    found = error_lines(logs, since, zone_of(context.release_env.get("TZ")))
    own = built and came == since and not found.timed
    limit = context.configuration.environment.watch.max_error_lines
    return ErrorLines(context.configuration.shown(log), since, found, found.untimed if own else 0, limit)


def _came(context: Context, release: str) -> tuple[datetime, bool]:
    """When it came to serve, and whether the operation that made it so built it."""
    for path in reversed(context.journals):
        shown, data = context.configuration.shown(path), context.files.read(path)
        came = traffic_came(shown, data, release)
        if came is not None:
            built = read_story(shown, data).built
            return came, built is not None and built["id"] == release
    raise Unavailable("no journal tells how this release came to serve")


def _text(context: Context, path: Path) -> str:
    return context.files.read(path).decode(errors="replace") if context.files.is_file(path) else ""
