"""What of a watched migration would hurt a database that is in use, each with the statement that shows it."""

from collections.abc import Iterator

from hotelctl.facts.catalogue_change import changes
from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.hazard_locks import held, without_timeout
from hotelctl.facts.hazard_loss import cached_plans, invalid_indexes, losses
from hotelctl.facts.hazard_step import Step, steps
from hotelctl.facts.hazard_unmet import unmet
from hotelctl.facts.hazard_work import work
from hotelctl.facts.migration_trace import Trace

_DATA = frozenset({"22", "23"})


def hazards(trace: Trace) -> tuple[Hazard, ...]:
    """Every hazard, in the order of the statements."""
    found = [hazard for step in steps(trace) for hazard in _of_statement(step)]
    found += [*invalid_indexes(trace), *held(trace, found)]
    return tuple(sorted(found, key=lambda one: one.statement))


def _of_statement(step: Step) -> Iterator[Hazard]:
    one = step.one
    if step.takes_back or (one.error is not None and step.caught):
        return
    if one.error is not None:
        kind = HazardKind.FAILS_ON_DATA if one.error.sqlstate[:2] in _DATA else HazardKind.CANNOT_RUN
        yield Hazard(kind, step.place, "", f"{one.error.message} ({one.error.sqlstate})")
        return
    changed = () if one.after is None else changes(step.before, one.after)
    lived = [change for change in changed if step.lived(change.relation)]
    yield from work(step, lived)
    yield from losses(step, lived)
    yield from unmet(step)
    yield from cached_plans(step, lived)
    yield from without_timeout(step)
