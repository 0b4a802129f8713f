"""The day on which is judged."""

from hotelctl.facts.today import Today
from hotelctl.probes.context import Context


def today(context: Context) -> Today:
    """The day in UTC, by this machine's clock."""
    return Today(context.clock.now().date())
