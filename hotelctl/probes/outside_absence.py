"""A throw-away instance of the candidate whose outside services are out of reach."""

from hotelctl.config.smoke import is_empty, run_smoke
from hotelctl.core.errors import NotApplicable, StepFailed, Unavailable
from hotelctl.core.work import Place
from hotelctl.facts.artifact import Export
from hotelctl.facts.installation import Installation
from hotelctl.facts.outside_absence import Absentees, OutsideAbsence
from hotelctl.facts.outside_services import OutsideServices
from hotelctl.facts.sandbox_answers import SandboxAnswers
from hotelctl.facts.smoke_results import results_of
from hotelctl.facts.smoke_run import SmokeRun, WorkflowResult
from hotelctl.probes.context import Context
from hotelctl.probes.throw_away import ThrowAway, throw_away

_LIMIT_S = 90.0


def absentees(context: Context, services: OutsideServices) -> Absentees:
    """Those that can be put out of reach. Raises `NotApplicable` for none."""
    external = context.configuration.spec.external
    names = tuple(one.name for one in services.configured if external[one.name].away)
    if not names:
        raise NotApplicable("no outside service that is configured says by `away` what it is like without it")
    return Absentees(names)


def outside_absence(
    context: Context, absent: Absentees, sandbox: SandboxAnswers, installed: Installation, export: Export
) -> OutsideAbsence:
    """What the candidate does while all of them are away; with them it ran, as `sandbox` shows.

    Raises:
        Unavailable: nothing says what it must do then.

    """
    spec = context.configuration.spec
    if is_empty(spec.smoke) and not any(spec.external[name].away_check for name in absent.names):
        raise Unavailable(context.configuration.lacks("smoke workflow", "nothing says what must work then"))
    away = {key: text for name in absent.names for key, text in spec.external[name].away.items()}
    try:
        with throw_away(installed, export, context, away) as made:
            return OutsideAbsence(absent.names, "", SmokeRun(made.url, _asked(made, absent)))
    except Unavailable as trouble:
        return OutsideAbsence(absent.names, trouble.reason, SmokeRun(sandbox.live.place, ()))


def _asked(made: ThrowAway, absent: Absentees) -> tuple[WorkflowResult, ...]:
    context = made.context
    place, spec = Place(made.venv, made.env, made.database_url), context.configuration.spec
    results: list[WorkflowResult] = []
    if not is_empty(spec.smoke):
        try:
            results += run_smoke(spec.smoke, place, made.url, context.work, context.http)
        except StepFailed as failed:
            results.append(WorkflowResult("smoke.prepare", 0, 0.0, failed.message, ()))
    for name in absent.names:
        if command := spec.external[name].away_check:
            done = context.work.smoke_program(place, command, made.url, _LIMIT_S)
            results += results_of(f"without {name}", done)
    return tuple(results)
