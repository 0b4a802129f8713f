"""What the release that serves answers to whoever is not logged in."""

from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.probes.anonymous import anonymous_answers
from hotelctl.probes.context import Context
from hotelctl.probes.interview import Interview


def live_answers(context: Context) -> LiveAnswers:
    """Asked through the edge; nobody is logged in, so that no account and no limit is touched.

    Raises:
        NotApplicable: nothing is deployed.
        Unavailable: nobody can tell what serves, or it does not answer.

    """
    serving = context.release()
    talk = Interview(context.http, serving.url)
    return anonymous_answers(talk, context.configuration, f"release {serving.release_id}")
