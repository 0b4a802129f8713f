"""PRF003: no more requests fail than their load allows."""

from collections.abc import Iterator

from hotelctl.checks.performance.every_load import Answer, every_load
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.core.report import Status
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.speed import Speed, Target, error_share, weigh_errors


@check(
    "PRF003",
    "No more requests fail under load than are allowed",
    severity=Severity.HIGH,
    rationale="A service that sheds requests looks quick to those that remain; each error and time-out is "
    "a person who got nothing.",
    remediation="The service's log tells of errors, a time-out of what it waits for; "
    "[performance.NAME] max_error_share is what may fail.",
    stage=Stage.RUNNING,
)
def requests_do_not_fail(speed: Speed) -> Iterator[Finding]:
    """A finding for each load of which a greater share had no good answer in time."""

    def judge(target: Target, one: MeasuredLoad) -> Answer:
        status, why = weigh_errors(target, one)
        return _finding(target, one, speed.again) if status is Status.FAILED else why

    yield from every_load(speed, judge)


def _finding(target: Target, one: MeasuredLoad, again: str) -> Finding:
    found, share = one.outcome, error_share(one)
    kinds = {**found.errors, **({"timeout": found.timeouts} if found.timeouts else {})}
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items(), key=lambda kind: -kind[1]))
    of = f"{found.failed} of {found.n} requests of {one.plan.path} failed"
    return Finding(
        subject=f"{target.name} errors",
        message=f"{target.name}: {of}: {told or 'none was made'}",
        evidence=(Measurement("share of failed requests", share, "of 1", target.max_error_share, found.n),),
        location=target.place,
        fix=again,
    )
