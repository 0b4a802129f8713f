"""The start of the release that serves, as the deploy that gave it the traffic measured it."""

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Location
from hotelctl.facts.journal_story import ready_after, traffic_came
from hotelctl.facts.start_time import StartTime
from hotelctl.probes.context import Context


def start_time(context: Context) -> StartTime:
    """What the newest operation measured that started it and gave it the traffic.

    Raises:
        NotApplicable: the service file grants no time, or nothing is deployed.
        Unavailable: nobody can tell what has the traffic, or no journal tells how long the start took.

    """
    configuration = context.configuration
    run = configuration.spec.run_
    if run is None or run.ready_budget_s is None:
        raise NotApplicable(configuration.names_no("time to be ready, [run] ready_budget_s"))
    release = context.release().release_id
    source = configuration.source("run.ready_budget_s")
    why = "no journal tells how this release came to serve"
    for path in reversed(context.journals):
        shown = configuration.shown(path)
        data = context.files.read(path)
        if traffic_came(shown, data, release) is None:
            continue
        ready_s = ready_after(shown, data)
        if ready_s is not None:
            return StartTime(release, shown, ready_s, run.ready_budget_s, Location(source.path, source.line))
        why = f"{shown} does not tell how long the release took to be ready"
    raise Unavailable(why)
