"""EXT003: outside services answer a call with the release's own key."""

from collections.abc import Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Measurement, Severity
from hotelctl.facts.outside_answers import NO_LIBRARY, Answer, OutsideAnswers, State
from hotelctl.facts.outside_services import Outside, OutsideServices

_MEANS = {
    "unauthorized": "it does not know the key or the password",
    "forbidden": "the key may not do this",
    "not_found": "what the variables name is not there",
    "rate_limited": "it was asked too often",
    "refused": "it refuses the call",
    "server_error": "it has a fault of its own",
    "bad_answer": "what answers there is another service",
    "timeout": "it did not answer in time",
    "tls": "no trusted encryption came about",
    "unreachable": "nothing answers there",
    "not_supported": "it offers no encryption, or no log-in",
    "not_ready": "it is not ready yet",
}


@check(
    "EXT003",
    "Outside services answer a call with the release's own key",
    severity=Severity.HIGH,
    rationale="A key that is set shows nothing: only a call that was answered shows that the feature works.",
    remediation="Renew the key at the service, or mend the variables; then ask again.",
    stage=Stage.AUDIT,
)
def services_answer(services: OutsideServices, outside: OutsideAnswers) -> Iterator[Finding]:
    """A finding for each configured service whose call failed; no call is in doubt, whatever is set."""
    keys = {one.name: one for one in services.configured}
    for answer in outside.answers:
        if answer.state is State.FAILED and answer.code != NO_LIBRARY:
            yield _finding(keys[answer.name], answer)
    require_none((answer.name, _doubt(answer)) for answer in outside.answers)


def _doubt(answer: Answer) -> str:
    return "its library is not installed (EXT005)" if answer.code == NO_LIBRARY else answer.doubt


def _finding(one: Outside, answer: Answer) -> Finding:
    means = _MEANS.get(answer.code)
    where = f" at {one.address}" if one.address else ""
    return Finding(
        subject=one.name,
        message=f"{one.name} failed{where}: {answer.code}" + (f", {means}" if means else ""),
        evidence=(Measurement("calls that were answered as wanted", 0, "calls", 1),),
        location=one.key.location if one.key else None,
        fix=f"look at {one.key.key}, set in {one.key.source}" if one.key else "",
    )
