"""The time that the service file grants to the tests."""

from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Location
from hotelctl.facts.time_budget import TimeBudget
from hotelctl.probes.context import Context


def time_budget(context: Context) -> TimeBudget:
    """The budget. Raises `NotApplicable` where none is named."""
    configuration = context.configuration
    tests = configuration.spec.tests
    if tests is None or tests.budget_s is None:
        raise NotApplicable(configuration.names_no("time budget of tests, [tests] budget_s"))
    source = configuration.source("tests.budget_s")
    return TimeBudget(tests.budget_s, Location(source.path, source.line))
