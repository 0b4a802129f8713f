"""Where nothing is built: the project's own programs ask, and no commit is copied for it."""

from hotelctl.core.work import Place
from hotelctl.facts.artifact import Artifact
from hotelctl.facts.outside_answers import OutsideAnswers
from hotelctl.facts.outside_lines import OutsideLines
from hotelctl.facts.outside_services import OutsideServices
from hotelctl.probes.artifact import unbuilt
from hotelctl.probes.context import Context
from hotelctl.probes.outside_answers import answered


def outside_answers(context: Context, services: OutsideServices, lines: OutsideLines) -> OutsideAnswers:
    """What services of others answer where the project lies."""
    return answered(services, lines, Place(context.configuration.project, context.release_env, None), context)


def artifact(context: Context) -> Artifact:
    """Raises `Unavailable`: there is none."""
    raise unbuilt(context.configuration)
