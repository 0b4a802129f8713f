"""The smoke workflows against the release that serves."""

from hotelctl.config.smoke import asks_outside, is_empty, run_smoke
from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.facts.smoke_run import SmokeRun
from hotelctl.probes.context import Context
from hotelctl.probes.kept_release import place_of, service_of


def smoke_run(context: Context) -> SmokeRun:
    """Every workflow, through the edge; what it made is removed again."""
    serving = context.release()
    smoke = service_of(serving.release_id, context).smoke
    if is_empty(smoke):
        raise Unavailable("the service file declares no smoke workflow")
    if context.with_external and not asks_outside(smoke):
        raise Unavailable(
            "--with-external: the release that serves has no program that asks outside services"
        )
    place = place_of(serving.release_id, context)
    try:
        results = run_smoke(
            smoke,
            place,
            serving.url,
            context.work,
            context.http,
            serving=True,
            external=context.with_external,
        )
    except StepFailed as error:
        raise Unavailable(error.message) from error
    return SmokeRun(serving.url, results)
