"""What the candidate answers in a sandbox, asked in the order in which no question spoils another."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from hotelctl.config.table import Argv
from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.artifact import Export
from hotelctl.facts.demo_accounts import DemoAccounts
from hotelctl.facts.installation import Installation
from hotelctl.facts.live_answers import LiveAnswers
from hotelctl.facts.running_service import Asked
from hotelctl.facts.sandbox_answers import KeyStep, SandboxAnswers
from hotelctl.probes.anonymous import anonymous_answers
from hotelctl.probes.context import Context
from hotelctl.probes.demo_accounts import found_in
from hotelctl.probes.insider import Insider, require_people
from hotelctl.probes.interview import Interview
from hotelctl.probes.throw_away import ThrowAway, throw_away
from hotelctl.probes.webhooks import rounds

_PAUSE_S = 1.0


def sandbox_answers(context: Context, installed: Installation, export: Export) -> SandboxAnswers:
    """All answers of a throw-away instance, which is gone when this returns.

    Raises:
        Unavailable: it does not start, or stops answering.

    """
    with throw_away(installed, export, context) as made:
        talk = Interview(context.http, made.url)
        # Before the seed: what is there now came with the candidate.
        demo = _demo(context, made)
        live = anonymous_answers(talk, context.configuration, f"a sandbox of commit {export.commit[:12]}")
        signed = tuple(rounds(talk, made.env, int(context.clock.now().timestamp()), context))
        try:
            values = made.seeded()
            if context.configuration.spec.security.log_in:
                require_people(values)
        except Unavailable as trouble:
            return SandboxAnswers(live, demo, no_people=trouble.reason, webhooks=signed)
        insider = Insider(talk, context.configuration.spec.security, values)
        return replace(_as_insider(made, insider, live, demo), webhooks=signed)


def _demo(context: Context, made: ThrowAway) -> DemoAccounts | None:
    if context.configuration.spec.security.demo_query is None or made.database_url is None:
        return None
    return found_in(context.databases, made.database_url, context.configuration)


def _as_insider(
    made: ThrowAway, who: Insider, live: LiveAnswers, demo: DemoAccounts | None
) -> SandboxAnswers:
    crossings = tuple(who.crossings())
    attempts = tuple(who.attempts())
    steps = tuple(_key_steps(made, who))
    floods = tuple(who.floods())
    entered = tuple(one.right for one in attempts)
    return SandboxAnswers(replace(live, crossings=crossings, entered=entered), demo, attempts, floods, steps)


def _key_steps(made: ThrowAway, who: Insider) -> Iterator[KeyStep]:
    """The exchange of the signing key, and after each step an old and a new log-in at a protected route.

    It ends with the first step that still refuses when its time is over.
    """
    security = who.security
    if not (security.rotation.steps and security.protected):
        return
    clock = made.context.clock
    before, began = who.pass_of(), clock.monotonic()
    for number, step in enumerate(security.rotation.steps):
        done = _tried(made, step, began + security.rotation.wait_s)
        old, new = _let_in(who, before, "before"), _let_in(who, who.pass_of(), "after")
        yield KeyStep(done, old, new)
        if not done.ok:
            return
        if number == 0:
            began = clock.monotonic()


def _tried(made: ThrowAway, step: Argv, until: float) -> Completed:
    """How the step ended, tried again while it refuses; the last time not before `until`."""
    clock = made.context.clock
    while True:
        started = clock.monotonic()
        done = made.run(step, "security.rotation.steps")
        if done.ok or started >= until:
            return done
        clock.sleep(_PAUSE_S)


def _let_in(who: Insider, headers: Mapping[str, str], when: str) -> Asked:
    return who.talk.ask(who.security.protected[0], f"a log-in of {when} the exchange", headers)
