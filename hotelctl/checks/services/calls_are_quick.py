"""EXT004: outside services answer within the time that the service file allows."""

from collections.abc import Iterator
from statistics import median

from hotelctl.checks.doubts import require_none
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.outside_answers import Answer, OutsideAnswers, State
from hotelctl.facts.outside_services import Outside, OutsideServices

_FEWEST = 3


@check(
    "EXT004",
    "Outside services answer within the time that the service file allows",
    severity=Severity.LOW,
    rationale="Who waits for the service waits for them, too; a slow one uses up what the service may take.",
    remediation="Look at the way to it from here, choose a region nearby, or allow more in latency_limit_ms.",
    stage=Stage.AUDIT,
)
def calls_are_quick(services: OutsideServices, outside: OutsideAnswers) -> Iterator[Finding]:
    """A finding for each service of whose calls half took longer; fewer than three calls tell nothing."""
    limited = {one.name: one for one in services.configured if one.latency_limit_ms}
    if not limited:
        raise NotApplicable("no outside service that is configured has a latency_limit_ms")
    measured = [answer for answer in outside.answers if answer.name in limited]
    for answer in measured:
        if not _doubt(answer):
            yield from _finding(limited[answer.name], answer.latencies_ms)
    require_none((answer.name, _doubt(answer)) for answer in measured)


def _doubt(answer: Answer) -> str:
    if answer.state is not State.OK:
        return answer.doubt or "its call failed (EXT003)"
    n = len(answer.latencies_ms)
    return "" if n >= _FEWEST else f"{n} calls were measured, {_FEWEST} at least are needed"


def _finding(one: Outside, latencies_ms: tuple[float, ...]) -> Iterator[Finding]:
    middle, limit, n = median(latencies_ms), one.latency_limit_ms, len(latencies_ms)
    if limit is not None and middle > limit:
        yield Finding(
            subject=one.name,
            message=f"{one.name}: the median of {n} calls is {middle:.0f} ms, allowed are {limit:g} ms",
            evidence=(Measurement("median of the calls", middle, "ms", limit, n),),
            fix=f"ping -c 5 {one.address.host}" if one.address else "",
        )
