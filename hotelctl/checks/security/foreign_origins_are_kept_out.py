"""SEC014: pages of other sites cannot read answers."""

from collections.abc import Iterator

from hotelctl.checks.security.exchanges import headers_of
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.running_service import Asked

_ORIGIN = "access-control-allow-origin"
_CREDENTIALS = "access-control-allow-credentials"


@check(
    "SEC014",
    "Pages of other sites cannot read answers",
    severity=Severity.HIGH,
    rationale=(
        "A service that names back whatever origin asks lets any site read what a visitor of that site may "
        "see, with the visitor's cookies where it allows credentials."
    ),
    remediation="Allow exact origins from a list; never the one that asks, null, or * with credentials.",
    references=("https://fetch.spec.whatwg.org/#http-cors-protocol",),
    stage=Stage.RUNNING,
)
def foreign_origins_are_kept_out(live: LiveAnswers) -> Iterator[Finding]:
    """A finding for each question from a foreign page whose answer that page could read."""
    for asked in live.origins:
        allowed = asked.reply.headers.get(_ORIGIN)
        if allowed is None or (allowed != "*" and allowed not in asked.sent):
            continue
        trusted = asked.reply.headers.get(_CREDENTIALS, "").lower() == "true"
        yield Finding(
            subject=f"{asked.request}",
            message=f"{asked.request} is answered with {_words(asked, allowed, trusted=trusted)}",
            evidence=(headers_of(asked, (_ORIGIN, _CREDENTIALS)),),
            fix="allow the origins that need it by name; others get no Access-Control-Allow-Origin",
            severity=Severity.MEDIUM if allowed == "*" and not trusted else None,
        )


def _words(asked: Asked, allowed: str, *, trusted: bool) -> str:
    whom = "every site" if allowed == "*" else f"that site ({asked.sent.removeprefix('Origin: ')})"
    return f"leave for {whom} to read it{', cookies included' if trusted else ''}"
