"""The answers of the release that serves."""

from hotelctl.facts.running_service import Asked, RunningService
from hotelctl.probes.context import Context, Serving
from hotelctl.probes.kept_release import health_of

_COMMIT_LIMIT_S = 5.0
_PAUSE_S = 0.25


def running_service(context: Context) -> RunningService:
    """Its health, readiness, version and database answers; the commit is asked for until it fits or 5 s."""
    serving, started = context.release(), context.clock.monotonic()
    answers = _ask_all(context, serving)
    while answers.commit != answers.expected_commit:
        waited_s = context.clock.monotonic() - started
        if waited_s >= _COMMIT_LIMIT_S:
            return answers
        context.clock.sleep(_PAUSE_S)
        answers = _ask_all(context, serving, waited_s)
    return answers


def _ask_all(context: Context, serving: Serving, waited_s: float = 0.0) -> RunningService:
    health = health_of(serving.release_id, context)
    return RunningService(
        serving.release_id,
        serving.commit,
        health.commit_field,
        _ask(context, serving, health.live),
        _ask(context, serving, health.ready),
        _ask(context, serving, health.version),
        _ask(context, serving, health.database) if health.database else None,
        waited_s,
        _log(context, serving),
    )


def _log(context: Context, serving: Serving) -> str:
    path = context.state / "releases" / serving.release_id / "log" / "service.log"
    project = context.configuration.project
    return str(path.relative_to(project) if path.is_relative_to(project) else path)


def _ask(context: Context, serving: Serving, path: str) -> Asked:
    url = serving.url.rstrip("/") + path
    return Asked(url, context.http.request("GET", url))
