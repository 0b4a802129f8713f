"""SEC018: what is asked too often is answered 429."""

from collections.abc import Iterator
from http import HTTPStatus

from hotelctl.checks.security.exchanges import headers_of
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.declared_security import DeclaredLimits
from hotelctl.facts.sandbox_answers import SandboxAnswers

_WHEN = "retry-after"


@check(
    "SEC018",
    "What is asked too often is answered 429",
    severity=Severity.HIGH,
    rationale="Where nothing counts, passwords and codes are guessed as fast as the machine answers.",
    remediation=(
        "Count attempts by address and by name in a store that all instances share, and answer 429 with "
        "Retry-After beyond the limit."
    ),
    references=("https://www.rfc-editor.org/rfc/rfc6585#section-4",),
    stage=Stage.SANDBOX,
)
def rate_limits_answer_429(limits: DeclaredLimits, sandbox: SandboxAnswers) -> Iterator[Finding]:
    """A finding for every declared limit that does not hold, or does not say when to come again."""
    if sandbox.no_people:
        raise Unavailable(sandbox.no_people)
    if len(sandbox.floods) < limits.count:
        raise Unavailable(f"{len(sandbox.floods)} of {limits.count} limits were tried")
    for flood in sandbox.floods:
        asked = flood.last
        if asked.reply.status != HTTPStatus.TOO_MANY_REQUESTS:
            yield Finding(
                subject=asked.request,
                message=f"{asked.request} still answers {asked.reply.status} after {flood.count} requests; "
                f"{flood.allowed} are allowed",
                evidence=(headers_of(asked, (_WHEN,)),),
                fix="count the attempts and answer 429 beyond the limit",
            )
        elif _WHEN not in asked.reply.headers:
            yield Finding(
                subject=asked.request,
                message=f"{asked.request} answers 429 and does not say when to come again",
                evidence=(headers_of(asked, (_WHEN,)),),
                fix="Retry-After: 60",
                severity=Severity.LOW,
            )
