"""A release's smoke suite: its workflows and programs, asked of one instance, and what they made removed."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from hotelctl.config.service import Smoke
from hotelctl.config.workflows import run_workflows
from hotelctl.core.http import Http
from hotelctl.core.work import Place, Work
from hotelctl.facts.smoke_results import results_of
from hotelctl.facts.smoke_run import WorkflowResult


def is_empty(smoke: Smoke) -> bool:
    """Whether it asks nothing."""
    return not (smoke.workflow or smoke.command)


def asks_outside(smoke: Smoke) -> bool:
    """Whether any program of it speaks to others' services."""
    return any(command.external for command in smoke.command)


@contextmanager
def loaded(
    smoke: Smoke, place: Place, url: str, work: Work, *, serving: bool = False, carries: bool = False
) -> Iterator[None]:
    """Inside, the programs that wait to be told have been started, so that they load while others do.

    `serving` is about those that are asked once traffic has moved, `carries` about what another issued.
    """
    with ExitStack() as stack:
        for command in smoke.command:
            if command.waits and (argv := command.argv(serving=serving)):
                stack.enter_context(work.smoke_ahead(place, argv, url))
        if carries and smoke.carry and smoke.carry.waits:
            stack.enter_context(work.smoke_ahead(place, smoke.carry.check, url))
        yield


def run_smoke(  # noqa: PLR0913 - the suite, where and by what it is asked, and how far
    smoke: Smoke,
    place: Place,
    url: str,
    work: Work,
    http: Http,
    *,
    serving: bool = False,
    external: bool = False,
) -> tuple[WorkflowResult, ...]:
    """Every result against `url`; one failing does not stop the others.

    `serving` asks what a release that serves is asked, `external` also what speaks to others' services.

    What could not be removed again is a result that failed, too.

    Raises:
        StepFailed: nothing could be prepared.

    """
    left: tuple[WorkflowResult, ...] = ()
    variables: Mapping[str, str] = {}
    try:
        if smoke.prepare:
            variables = work.smoke_variables(place, smoke.prepare)
        asked = [*run_workflows(smoke.workflow, url, variables, http)]
        for command in smoke.command:
            if argv := command.argv(serving=serving, external=external):
                told = "\n" if command.waits else None
                done = work.smoke_program(place, argv, url, command.timeout_s, stdin=told)
                asked += results_of(command.name, done)
    finally:
        left = _clean(smoke, place, work, variables)
    return (*asked, *left)


def _clean(
    smoke: Smoke, place: Place, work: Work, variables: Mapping[str, str]
) -> tuple[WorkflowResult, ...]:
    if not smoke.cleanup:
        return ()
    done = work.smoke_cleanup(place, smoke.cleanup, variables)
    if done.ok:
        return ()
    why = f"something is left behind: {done.tail(1) or f'it ended with {done.exit_code}'}"
    return (WorkflowResult("cleanup", 0, done.duration_s, why, (done.evidence,)),)
