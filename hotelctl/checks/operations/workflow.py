"""A workflow that failed, as evidence."""

import re

from hotelctl.core.finding import CommandOutput, Evidence, HttpExchange
from hotelctl.core.redact import by_shape
from hotelctl.facts.smoke_run import SmokeRun, WorkflowResult

_REQUEST = re.compile(r"(?P<method>[A-Z]+) (?P<path>/\S*): ")


def evidence_of(run: SmokeRun, result: WorkflowResult) -> tuple[Evidence, ...]:
    """The request that did not hold, else the words of its end, and what was measured."""
    asked = _REQUEST.match(result.why)
    if asked is None:
        return (CommandOutput((result.name,), None, by_shape(result.why)), *result.measured)
    url = run.url + asked["path"]
    return (HttpExchange(asked["method"], url, None, by_shape(result.why)), *result.measured)
