"""What the outside services answer to the programs that the service file names for them."""

from collections.abc import Sequence
from functools import partial

from hotelctl.config.template import names
from hotelctl.core.errors import Unavailable
from hotelctl.core.work import Place
from hotelctl.facts.installation import Installation
from hotelctl.facts.outside_answers import Answer, OutsideAnswers, answers_of, unchecked
from hotelctl.facts.outside_lines import OutsideLines
from hotelctl.facts.outside_services import Outside, OutsideServices
from hotelctl.probes.context import Context

_ASKED = "services"


def outside_answers(
    context: Context, services: OutsideServices, lines: OutsideLines, installed: Installation
) -> OutsideAnswers:
    """The answers to the candidate, which would be deployed, with the variables that it would have.

    Raises:
        Unavailable: it could not be installed.

    """
    if installed.install_exit != 0:
        raise Unavailable("the candidate could not be installed, so it can ask no outside service")
    return answered(services, lines, Place(installed.venv, context.release_env, None), context)


def answered(
    services: OutsideServices, lines: OutsideLines, place: Place, context: Context
) -> OutsideAnswers:
    """The answers to the programs of the release at `place`, which run side by side."""
    blocked = {line.name: line.blocked for line in lines.lines}
    known, free = dict[str, Answer](), list[str]()
    for one in services.configured:
        if why := _unasked(context, one, blocked.get(one.name)):
            known[one.name] = unchecked(one.name, why)
        else:
            free.append(one.name)
    runs = _runs(context, free)
    for answers in context.abreast.each([partial(_asked, context, place, group) for group in runs]):
        known |= {answer.name: answer for answer in answers}
    return OutsideAnswers(tuple(known[one.name] for one in services.configured))


def _unasked(context: Context, one: Outside, blocked: str | None) -> str:
    """Why it is not asked; empty when it is. `blocked` is None where nobody knows its address."""
    if not one.has_check:
        return f"[external.{one.name}] names no check that asks it"
    if blocked is not None:
        return blocked
    try:
        context.names.require(one.name)
    except Unavailable as offline:
        return offline.reason
    return ""


def _runs(context: Context, free: Sequence[str]) -> list[list[str]]:
    """Who is asked by one run: services with the same check, where it takes their names."""
    runs: dict[tuple[str, ...], list[str]] = {}
    for name in free:
        check = context.configuration.spec.external[name].check or ()
        shared = any(_ASKED in names(word) for word in check)
        runs.setdefault(check if shared else (*check, name), []).append(name)
    return list(runs.values())


def _asked(context: Context, place: Place, group: Sequence[str]) -> tuple[Answer, ...]:
    said = [context.configuration.spec.external[name] for name in group]
    try:
        done = context.work.ask_outside(place, said[0].check or (), group, max(one.timeout_s for one in said))
    except Unavailable as trouble:
        return tuple(unchecked(name, trouble.reason) for name in group)
    return answers_of(group, done)
