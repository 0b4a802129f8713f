"""In a deploy, which sends nothing to an engine and starts no tool."""

from hotelctl.facts.leaving import ContextFiles, LeavingLeaks
from hotelctl.probes.context import Context


def context_files(_context: Context) -> ContextFiles:
    """None: nothing is sent."""
    return ContextFiles((), {}, {})


def leaving_leaks(_context: Context) -> LeavingLeaks:
    """None: nothing is searched."""
    return LeavingLeaks((), ())
