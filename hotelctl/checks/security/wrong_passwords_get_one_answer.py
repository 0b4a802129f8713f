"""SEC017: a wrong password is refused, and with the same answer as an unknown name."""

import json
import re
from collections.abc import Iterator

from hotelctl.checks.security.exchanges import with_words
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.declared_security import DeclaredLogIns
from hotelctl.facts.running_service import Asked
from hotelctl.facts.sandbox_answers import Attempts, SandboxAnswers

# Nonces and the like, made anew for each answer; a word of a message holds no digit.
_ONCE = re.compile(r"(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{16,}")


@check(
    "SEC017",
    "A wrong password is refused with the same answer as an unknown name",
    severity=Severity.CRITICAL,
    rationale=(
        "A log-in that lets a wrong password in is none; one that answers otherwise for a name that nobody "
        "has tells strangers who has an account."
    ),
    remediation=(
        "Answer every refused log-in with one status and one text, and verify a dummy hash where the name is "
        "unknown, so that the time tells nothing either."
    ),
    references=("https://cheatsheetseries.owasp.org/cheatsheets/Authentication_Cheat_Sheet.html",),
    stage=Stage.SANDBOX,
)
def wrong_passwords_get_one_answer(ways: DeclaredLogIns, sandbox: SandboxAnswers) -> Iterator[Finding]:
    """A finding for every way in that lets somebody in, or tells a wrong password from an unknown name."""
    if sandbox.no_people:
        raise Unavailable(sandbox.no_people)
    if len(sandbox.attempts) < ways.count:
        raise Unavailable(f"{len(sandbox.attempts)} of {ways.count} ways in were tried")
    for tried in sandbox.attempts:
        right = tried.right
        if right.reply.status != tried.accepted:
            raise Unavailable(
                f"{right.request}: answered {right.reply.status}, declared is {tried.accepted}: "
                "where nobody comes in, a refusal proves nothing"
            )
        yield from _faults(tried)


def _faults(tried: Attempts) -> Iterator[Finding]:
    wrong, unknown = tried.wrong, tried.unknown
    for asked in (wrong, unknown):
        if asked.reply.status != tried.refused:
            yield _finding(f"{asked.request} answers {asked.reply.status}, must be {tried.refused}", asked)
    if wrong.reply.status == unknown.reply.status and _told(wrong, tried) != _told(unknown, tried):
        yield _finding(f"{wrong.method} tells a wrong password from an unknown name", wrong, unknown)


def _finding(message: str, *asked: Asked) -> Finding:
    return Finding(
        subject=asked[0].request,
        message=message,
        evidence=tuple(with_words(one) for one in asked),
        fix="answer every refused log-in with the same status and text",
    )


def _told(asked: Asked, tried: Attempts) -> tuple[str, frozenset[str]]:
    """The answer without what differs each time, and the names of its headers."""
    body = asked.reply.json()
    if isinstance(body, dict):
        text = json.dumps({key: value for key, value in body.items() if key not in tried.volatile})
    else:
        text = asked.reply.body
    for name in tried.names:
        text = text.replace(name, "")
    return _ONCE.sub("", text), frozenset(asked.reply.headers)
