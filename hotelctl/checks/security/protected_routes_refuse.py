"""SEC016: protected routes refuse whoever may not come in."""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

from hotelctl.checks.security.exchanges import with_words
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.live_answers import Crossing, LiveAnswers
from hotelctl.facts.running_service import Asked

_REFUSALS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_GOOD = range(200, 300)


@check(
    "SEC016",
    "Protected routes refuse whoever may not come in",
    severity=Severity.CRITICAL,
    rationale=(
        "One route that forgets to ask, takes an unsigned token, believes a header that anybody can send, or "
        "shows one tenant's object to another, opens the whole service."
    ),
    remediation=(
        "Ask who is calling in one place that every route goes through, check signatures, take identity from "
        "nothing but the session, and look objects up within the caller's tenant."
    ),
    references=("https://owasp.org/Top10/A01_2021-Broken_Access_Control/",),
    stage=Stage.RUNNING,
)
def protected_routes_refuse(live: LiveAnswers) -> Iterator[Finding]:
    """A finding for every request that was let in; what another tenant has is asked for in a sandbox only."""
    if not live.intruders:
        raise NotApplicable("the service file declares no [security] protected routes")
    for asked in live.intruders:
        if not _refused(asked, live.log_in_page):
            yield Finding(
                subject=asked.request,
                message=f"{asked.request} is not refused: it answers {asked.reply.status}",
                evidence=(with_words(asked),),
                fix="answer 401 before anything else is looked at",
            )
    for crossing in live.crossings:
        yield from _crossed(crossing)


def _refused(asked: Asked, log_in_page: str | None) -> bool:
    if asked.reply.status in _REFUSALS:
        return True
    to = asked.reply.headers.get("location")
    is_redirect = asked.reply.status in range(300, 400)
    return is_redirect and to is not None and log_in_page is not None and urlsplit(to).path == log_in_page


def _crossed(crossing: Crossing) -> Iterator[Finding]:
    """Raises `Unavailable` where the owner is refused, too: then a refusal proves nothing."""
    owner, stranger = crossing.owner, crossing.stranger
    if owner.reply.status not in _GOOD:
        raise Unavailable(f"{owner.request} answers {owner.reply.status}, so that a refusal proves nothing")
    if stranger.reply.status not in (*_REFUSALS, HTTPStatus.NOT_FOUND):
        yield Finding(
            subject=stranger.request,
            message=f"{stranger.request} is not refused: it answers {stranger.reply.status}",
            evidence=(with_words(stranger), with_words(owner)),
            fix="look the object up within the caller's tenant; answer 404 as for one that does not exist",
        )
