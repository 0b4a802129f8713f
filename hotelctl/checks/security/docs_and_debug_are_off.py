"""SEC019: production shows neither its API description nor its inside."""

import re
from collections.abc import Iterator

from hotelctl.checks.operations.exchange import exchange
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.live_answers import LiveAnswers

_GOOD = range(200, 300)
_INSIDE = re.compile(
    r"Traceback \(most recent call last\)|Werkzeug Debugger|DEBUG = True"
    r"|Whoops, looks like something went wrong"
    r"|\bat [\w.$<>]+ ?\([^()\s]+\.(?:js|ts|java|kt|cs):\d+"
)


@check(
    "SEC019",
    "Production shows neither its API description nor its inside",
    severity=Severity.HIGH,
    rationale=(
        "Documentation pages, debug consoles, files of the checkout and stack traces tell an attacker where "
        "to begin."
    ),
    remediation="Switch documentation and debug modes off in production; serve no other files.",
    stage=Stage.RUNNING,
)
def docs_and_debug_are_off(live: LiveAnswers) -> Iterator[Finding]:
    """A finding for every path that shows something, and for every answer with a stack trace in it."""
    if live.profile != "production":
        raise NotApplicable(f"the profile is {live.profile}: only production must not show them")
    nobodys = live.nobodys.reply
    for asked in live.hidden:
        # Some services answer every path with the same page.
        same = (asked.reply.status, asked.reply.body) == (nobodys.status, nobodys.body)
        if asked.reply.status in _GOOD and not same:
            yield Finding(
                subject=asked.request,
                message=f"{asked.request} answers {asked.reply.status} in production",
                evidence=(exchange(asked),),
                fix="switch it off where the profile is production",
            )
    for asked in (*live.pages, *live.intruders, *live.hidden):
        if hit := _INSIDE.search(asked.reply.body):
            yield Finding(
                subject=asked.request,
                message=f"{asked.request} shows the inside of the service: {hit[0][:60]}",
                evidence=(exchange(asked, asked.reply.body[hit.start() :]),),
                fix="answer errors with a fixed text; write the trace to the log",
            )
