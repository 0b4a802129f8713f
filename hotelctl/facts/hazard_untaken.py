"""Statements in a block or routine of a migration that live rows may let run, and made-up ones did not."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.hazard_step import Step
from hotelctl.facts.hazard_unmet import lived_as, named_as
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Rows, Trace
from hotelctl.facts.plpgsql_body import Body, Guard, UnreadableBody, Words, body_words, plpgsql_body, unquoted
from hotelctl.facts.plpgsql_decided import Deciding, deciding
from hotelctl.facts.sql_act import SqlAct, executed_text, sql_acts
from hotelctl.facts.sql_split import first_words, split_sql

_RUNNING = frozenset({"do", "select", "call", "with"})
# To tell what shows that each ran takes time by their square.
_MOST = 500
_LONG = 90
_HURTING = frozenset({"alter", "drop", "truncate", "delete", "update", "execute", "index", "merge"})


@dataclass(frozen=True, slots=True)
class Routine:
    """A function or procedure that the migration makes; `names` are those of what it gets, and more."""

    text: str
    language: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Open:
    """An act, and `why` it may run or do something else on the live database; empty where it may not.

    `branch` tells statements that run together from others.
    """

    act: SqlAct
    why: str
    branch: tuple[int, ...]
    made_up: bool = False


def routines(trace: Trace) -> Mapping[str, Routine]:
    """Those that its statements make, by their bare names; what a trigger calls is left out."""
    found: dict[str, Routine] = {}
    for one in trace.statements:
        head = first_words(one.sql, 4)
        if head[:1] == ("create",) and not {"function", "procedure"}.isdisjoint(head):
            words = body_words(one.sql)
            small = [word.lower() for word in words]
            if made := _routine(words, small):
                place = next(n for n, word in enumerate(small) if word in {"function", "procedure"})
                opens = small.index("(", place)
                found[small[opens - 1].strip('"')] = made
    return found


def _routine(words: Words, small: Sequence[str]) -> Routine | None:
    if "atomic" in small:
        return Routine(" ".join(words[small.index("atomic") + 1 : -1]), "sql", ())
    bodies = [n for n, one in enumerate(small[:-1]) if one == "as" and words[n + 1][:1] in {"$", "'"}]
    if not bodies or "(" not in small or "trigger" in small:
        return None
    text = words[bodies[-1] + 1]
    language = small[small.index("language") + 1] if "language" in small[:-1] else "sql"
    opens = small.index("(")
    given = [one.lower() for one in words[opens : bodies[-1]] if one[:1].isalpha() or one[:1] == "_"]
    return Routine(unquoted(text), language.strip("'"), tuple(given))


def untaken(step: Step, known: Mapping[str, Routine], *, live: bool) -> Iterator[Hazard]:
    """A hazard for each act that rows, settings or the time decide about, and of which nothing was seen.

    The catalogue decides on a copy of the `live` schema as it does there, and so do constants.
    """
    if step.word not in _RUNNING or (step.word != "do" and not known):
        return
    told: set[tuple[HazardKind, str, str]] = set()
    found = list(_Reading(step, known, live).acts())
    if (number := sum(bool(one.why) for one in found)) > _MOST:
        detail = f"{number} statements run or not by what may come to something else on the live database"
        yield Hazard(HazardKind.UNTAKEN, step.place, "", detail)
        return
    for one in found:
        if not one.why or (not one.made_up and _seen(step, one, found)):
            continue
        for hazard in _hazards(step, one):
            if (key := (hazard.kind, hazard.table, hazard.detail)) not in told:
                told.add(key)
                yield hazard


def _hazards(step: Step, one: _Open) -> Iterator[Hazard]:
    """None where it is about what the migration made itself."""
    act, target = one.act, one.act.target
    text = f"{_short(act.words)!r}"
    how = "reads what it runs from" if one.made_up else "runs or not by"
    detail = f"{text} {how} {one.why}, which may come to something else on the live database"
    if not target:
        yield Hazard(act.kind, step.place, "", detail)
        return
    there = list(named_as(step.trace.before, target))
    for relation in there:
        if step.lived(relation):
            yield step.hazard(act.kind, relation, detail)
    if not there and not _new(step, target) and act.kind is HazardKind.UNTAKEN:
        yield Hazard(act.kind, step.place, "", detail)


def _new(step: Step, target: str) -> bool:
    """Whether the migration makes it, here or before."""
    known = [step.before, *([step.one.after] if step.one.after else [])]
    made = re.search(rf"(?i)\bcreate\s[^;]*?\b{re.escape(target)}\b", step.one.sql)
    return bool(made) or any(next(iter(named_as(one, target)), None) is not None for one in known)


class _Scope(NamedTuple):
    """What decides `here`, and what would on a copy of the live schema."""

    here: Deciding
    there: Deciding

    def words(self, words: Words) -> "_Given":
        return _Given(self.here.words(words), self.there.words(words))


class _Given(NamedTuple):
    """Whether what a routine is given is the same on the live database, and would be by the catalogue."""

    here: bool = True
    there: bool = True


class _Reading:
    """Follows a statement into its block, and into the routines that it calls."""

    def __init__(self, step: Step, known: Mapping[str, Routine], live: bool) -> None:  # noqa: FBT001 - as above
        """Nothing is read yet."""
        self._step = step
        self._known = known
        self._live = live
        self._followed: set[tuple[str, str, _Given]] = set()
        # Branches are told apart by their guards, which have to live as long.
        self._bodies: list[Body] = []

    def acts(self) -> Iterator[_Open]:
        """All of them, in their order."""
        words = body_words(self._step.one.sql)
        if self._step.word == "do":
            text = next((one for one in words if one[-1:] in {"$", "'"} and one != "$"), "''")
            small = [one.lower().strip("'") for one in words]
            language = small[small.index("language") + 1] if "language" in small[:-1] else "plpgsql"
            yield from self._block(Routine(unquoted(text), language, ()), "", (), _Given())
            return
        outside = _Scope(Deciding({"$"}, (), self._live), Deciding({"$"}, (), live=True))
        yield from self._called(words, outside, "", ())

    def _called(self, words: Words, scope: _Scope, why: str, branch: tuple[int, ...]) -> Iterator[_Open]:
        """What the routines do that a statement calls."""
        for place, word in enumerate(words[:-1]):
            routine = self._known.get(word.lower().strip('"'))
            if routine is None or words[place + 1] != "(":
                continue
            # The name is known; what it gets, and whether any row calls it, is the question.
            rest = tuple("coalesce" if one.lower().strip('"') in self._known else one for one in words)
            rest = rest[1:] if rest[0].lower() == "call" else rest
            same = scope.words(rest)
            behind = why or ("" if same.here or not _reads(words) else _short(words))
            key = (routine.text, behind, same)
            if key not in self._followed:
                self._followed.add(key)
                yield from self._block(routine, behind, (*branch, place), same)

    def _block(self, routine: Routine, why: str, branch: tuple[int, ...], given: _Given) -> Iterator[_Open]:
        if routine.language == "sql":
            for one in split_sql(routine.text):
                for act in sql_acts(body_words(one.text)):
                    yield _Open(act, why, branch)
            return
        try:
            body = plpgsql_body(routine.text, routine.language)
        except UnreadableBody:
            words = body_words(routine.text)
            if not _HURTING.isdisjoint(one.lower() for one in words):
                act = SqlAct(HazardKind.UNTAKEN, "", words)
                yield _Open(act, f"code in {routine.language} that is not understood here", branch)
            return
        body.names.update(routine.names)
        self._bodies.append(body)
        there = deciding(body, live=True, given=given.there)
        scope = _Scope(there if self._live else deciding(body, live=False, given=given.here), there)
        for said in body.statements:
            opened = next((one for one in said.guards if not scope.here.guard(one)), None)
            behind = why or (_told(opened) if opened else "")
            inner = (*branch, *(id(one) for one in said.guards))
            yield from self._said(said.words, scope, behind, inner)
            yield from self._called(said.words, scope, behind, inner)

    def _said(self, words: Words, scope: _Scope, why: str, branch: tuple[int, ...]) -> Iterator[_Open]:
        made_up = words[0].lower() == "execute" and not scope.there.words(executed_text(words))
        if why and words[0].lower() == "call" and self._known.keys().isdisjoint(one.lower() for one in words):
            yield _Open(SqlAct(HazardKind.UNTAKEN, "", words), why, branch)
        for act in sql_acts(words):
            unknown = made_up and not act.target
            yield _Open(act, _short(executed_text(words)) if unknown else why, branch, made_up=unknown)


def _reads(words: Words) -> bool:
    return not {"from", "where"}.isdisjoint(one.lower() for one in words)


def _told(guard: Guard) -> str:
    return f"{'EXCEPTION WHEN ' if guard.handler else ''}{_short(guard.words)}"


def _seen(step: Step, one: _Open, found: Sequence[_Open]) -> bool:
    """Whether the run shows that it ran: what no act of another branch explains is its own."""
    act, after = one.act, step.one.after or step.before
    others = [more.act for more in found if more.branch != one.branch and more.act.kind is act.kind]
    if not act.target:
        lived = [one for one in step.one.rows if step.lived(one)]
        shown = _locked(step, step.one.locks) or step.before != after
        return not others and (shown if act.kind is HazardKind.UNTAKEN else _wrote(step, act.kind, lived))
    tables = list(lived_as(step, act.target))
    others = [more for more in others if not more.target or set(lived_as(step, more.target)) & set(tables)]
    if act.kind is not HazardKind.UNTAKEN:
        return not others and _wrote(step, act.kind, [part for one in tables for part in _whole(step, one)])
    there = list(named_as(step.before, act.target))
    if not others:
        whole = [step.before.table_of(each) for each in there]
        return _locked(step, [*there, *whole]) or any(_changed(step.before, after, each) for each in whole)
    own = {one for one in act.words if one[:1].isalnum() or one[:1] in '_"'}
    own -= {word for more in others for word in more.words}
    return bool(own & _parts(step.before, after, there))


def _wrote(step: Step, kind: HazardKind, tables: Collection[int]) -> bool:
    rows = (step.one.rows.get(one, Rows()) for one in tables)
    return any(one.deleted if kind is HazardKind.UNMET_DELETE else one.updated for one in rows)


def _whole(step: Step, table: int) -> Iterator[int]:
    yield table
    for part in step.trace.before.parts(table):
        yield from _whole(step, part)


def _locked(step: Step, relations: Collection[int]) -> bool:
    """Whether one of them is locked as by a change of the schema, and was not before."""
    return any(
        (lock := step.one.locks.get(one)) is not None
        and lock >= LockMode.SHARE_UPDATE_EXCLUSIVE
        and step.held_before.get(one, 0) < lock
        for one in relations
    )


def _changed(before: Catalogue, after: Catalogue, relation: int) -> bool:
    return _of(before, relation) != _of(after, relation)


def _of(known: Catalogue, relation: int) -> tuple[object, ...]:
    """All that the catalogue has of it."""
    return (
        known.relations.get(relation),
        {key: one for key, one in known.columns.items() if key[0] == relation},
        {key: one for key, one in known.constraints.items() if one.table == relation},
        {key: one for key, one in known.indexes.items() if one.table == relation},
    )


def _parts(before: Catalogue, after: Catalogue, relations: Collection[int]) -> set[str]:
    """The names of what came, went or became another: these relations, their columns, rules and indexes."""
    found: set[str] = set()
    for relation in relations:
        old, new = _named_parts(before, relation), _named_parts(after, relation)
        found |= {name for name, part in {*old.items()} ^ {*new.items()}}
    return found


def _named_parts(known: Catalogue, relation: int) -> dict[str, object]:
    columns = {one.name: one for key, one in known.columns.items() if key[0] == relation}
    rules = {one.name: one for one in known.constraints.values() if one.table == relation}
    indexes = {known.name(key): one for key, one in known.indexes.items() if one.table == relation}
    table = {known.name(relation): known.relations.get(relation)}
    return {name.rpartition(".")[2]: one for name, one in {**columns, **rules, **indexes, **table}.items()}


def _short(words: Sequence[str]) -> str:
    even = re.sub(r" ?\. ?|(?<=\() | (?=[),])", lambda hit: hit[0].strip(), " ".join(words)).replace(
        " (", "("
    )
    return even if len(even) <= _LONG else f"{even[: _LONG - 3]}..."
