"""What of a watched migration would hurt a database that is in use, each with the statement that shows it."""

from collections.abc import Iterator, Mapping

from hotelctl.facts.catalogue_change import changes
from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.hazard_locks import held, without_timeout
from hotelctl.facts.hazard_loss import cached_plans, invalid_indexes, losses
from hotelctl.facts.hazard_step import Step, steps
from hotelctl.facts.hazard_unmet import unmet
from hotelctl.facts.hazard_untaken import Routine, routines, untaken
from hotelctl.facts.hazard_work import work
from hotelctl.facts.migration_trace import Trace
from hotelctl.facts.sql_split import first_words

_DATA = frozenset({"22", "23"})


def hazards(trace: Trace, *, live: bool = True) -> tuple[Hazard, ...]:
    """Every hazard, in the order of the statements.

    `live` says that it ran on a copy of the live schema: what asks the catalogue is answered as there.
    """
    undone, made = _undone(trace), routines(trace)
    found: list[Hazard] = []
    for step in steps(trace):
        lasts = step.place not in undone
        found += _of_statement(step, lasts=lasts)
        found += _not_taken(step, made, found, live=live) if lasts and step.one.error is None else ()
    found += [*invalid_indexes(trace), *held(trace, found)]
    return tuple(sorted(found, key=lambda one: one.statement))


def _undone(trace: Trace) -> frozenset[int]:
    """The statements that a way back to a savepoint took along: nothing stays but that they ran."""
    found: set[int] = set()
    begun: list[tuple[int, str, int]] = []
    for place, one in enumerate(trace.statements):
        words = first_words(one.sql)
        at = (one.transaction, one.sql.rstrip("; \n").rpartition(" ")[2].strip('"').lower())
        if words[:1] == ("savepoint",):
            begun.append((*at, place))
        elif words[:1] == ("rollback",) and "to" in words:
            start = next((first for *of, first in reversed(begun) if tuple(of) == at), place)
            found |= set(range(start, place))
    return frozenset(found)


def _not_taken(
    step: Step, made: Mapping[str, Routine], found: list[Hazard], *, live: bool
) -> Iterator[Hazard]:
    """What is told of its table already, as no row was met, is not told again."""
    told = {(one.kind, one.table) for one in found if one.statement == step.place}
    return (one for one in untaken(step, made, live=live) if (one.kind, one.table) not in told)


def _of_statement(step: Step, *, lasts: bool) -> Iterator[Hazard]:
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
    if lasts:
        yield from losses(step, lived)
        yield from unmet(step)
        yield from cached_plans(step, lived)
    yield from without_timeout(step)
