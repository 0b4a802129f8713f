"""Where the release that serves is asked, and no candidate."""

from hotelctl.facts.outside_answers import OutsideAnswers
from hotelctl.facts.outside_lines import OutsideLines
from hotelctl.facts.outside_services import OutsideServices
from hotelctl.facts.speed import Speed
from hotelctl.probes.context import Context
from hotelctl.probes.kept_release import as_built, place_of
from hotelctl.probes.outside_answers import answered
from hotelctl.probes.outside_services import serving_services
from hotelctl.probes.speed import measured_speed


def outside_services(context: Context) -> OutsideServices:
    """Those that the release is set up for."""
    release_id = context.release().release_id
    return serving_services(release_id, as_built(release_id, context))


def outside_answers(context: Context, services: OutsideServices, lines: OutsideLines) -> OutsideAnswers:
    """What they answer the release's own programs."""
    release_id = context.release().release_id
    return answered(services, lines, place_of(release_id, context), as_built(release_id, context))


def speed(context: Context) -> Speed:
    """What was measured of the release."""
    return measured_speed(context.release(), context)
