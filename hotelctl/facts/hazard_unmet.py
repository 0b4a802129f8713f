"""Statements that would take or change rows, of which no made-up row met the condition."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise

from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.hazard_step import Step
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Rows
from hotelctl.facts.sql_split import code_words

_WHAT: Mapping[str, HazardKind] = {"delete": HazardKind.UNMET_DELETE, "update": HazardKind.UNMET_UPDATE}
_WRITING = frozenset({"delete", "update", "merge", "with", "do"})
# What writes here stands in the body of a routine, or in a text that is made there.
_CALLING = frozenset({"select", "call", "do"})
_NAME = re.compile(r'(?:[\w$]+|"(?:[^"]|"")+")(?:\.(?:[\w$]+|"(?:[^"]|"")+"))?$')
_PART = re.compile(r'[\w$]+|"(?:[^"]|"")+"')
_ONE_ROW = re.compile(r"(?P<column>[\w$]+|\"(?:[^\"]|\"\")+\")=(?:'(?:[^']|'')*'|[0-9]+)$")
# An index of that column alone, over all rows.
_ONE_KEY = re.compile(r"\((?P<column>[\w$]+|\"(?:[^\"]|\"\")+\")\)(?: NULLS NOT DISTINCT)?$")


def unmet(step: Step) -> Iterator[Hazard]:
    """Each table that others know of which the statement reached no row, whatever it reached of others.

    A condition that names one value of a unique column reaches one row at most, whichever that is.
    """
    words = code_words(step.one.sql) if step.word in _WRITING else []
    told = list(_unmet_here(step, words))
    yield from told
    if step.word in _CALLING:
        named = {table for written in _filled(words) for table in lived_as(step, written)}
        yield from _unmet_inside(step, named, {one.table for one in told})


def _unmet_here(step: Step, words: Sequence[str]) -> Iterator[Hazard]:
    """What the statement itself says that it takes or changes."""
    aims = list(targets(words))
    named = {table for _, written in aims for table in lived_as(step, written)}
    for kind, written in aims:
        for table in lived_as(step, written):
            if step.word == "do" and step.one.locks.get(table, 0) < LockMode.ROW_EXCLUSIVE:
                continue
            if not reached(step, table) and not _one_row(step, table, words):
                name = step.trace.before.name(table)
                yield step.hazard(kind, table, f"no made-up row of {name} meets its condition")
        yield from _unmet_behind(step, kind, written, named)


def _unmet_behind(step: Step, kind: HazardKind, written: str, named: Collection[int]) -> Iterator[Hazard]:
    """Where that is a view: the tables behind it that are locked for writing, or it alone where none is.

    What the statement does to a table that it has `named` itself says nothing of the view.
    """
    views = [one for one in named_as(step.before, written) if step.before.relations[one].kind == "v"]
    tables = [one for one in step.trace.before.tables if step.lived(one) and one not in named]
    if not views or any(reached(step, table) for table in tables):
        return
    behind = [one for one in tables if step.one.locks.get(one, 0) >= LockMode.ROW_EXCLUSIVE]
    for relation in behind or views:
        yield step.hazard(kind, relation, f"no made-up row of {written} meets its condition")


def _unmet_inside(step: Step, named: Collection[int], told: Collection[str]) -> Iterator[Hazard]:
    """Tables that a routine has locked as those do who write rows, and of which it wrote none.

    One that ends its transactions keeps no lock: whatever it read through may be what it writes, and where
    it wrote nothing at all, whatever it looked up. What the statement has `named` itself gets new rows alone,
    and what is `told` is told already.
    """
    lived = [one for one in step.trace.before.tables if step.lived(one)]
    wrote = any(step.one.rows.get(one, Rows()).inserted or reached(step, one) for one in lived)
    for table in (one for one in lived if one not in named):
        rows, lock = step.one.rows.get(table, Rows()), step.one.locks.get(table)
        new = lock is LockMode.ROW_EXCLUSIVE and step.held_before.get(table, 0) < lock
        let_go = lock is None and (rows.scans > 0 or (rows.looked_up > 0 and not wrote))
        name = step.trace.before.name(table)
        if (new or let_go) and not rows.inserted and not reached(step, table) and name not in told:
            detail = f"what it calls may write {name}, and wrote no row beside the made-up ones"
            yield step.hazard(HazardKind.UNMET_DELETE, table, detail)


def reached(step: Step, table: int) -> bool:
    """Whether any row of the table, or of its partitions, was changed or taken."""
    rows = step.one.rows.get(table, Rows())
    parts = step.trace.before.parts(table)
    return bool(rows.deleted or rows.updated) or any(reached(step, part) for part in parts)


def targets(words: Sequence[str]) -> Iterator[tuple[HazardKind, str]]:
    """What is done, and to which table as it is written."""
    for place, word in enumerate(words):
        behind = [one for one in words[place + 1 : place + 8] if one.lower() not in {"only", "from", "into"}]
        if word.lower() == "merge" and behind and _NAME.match(_joined(behind)):
            yield from ((kind, _joined(behind)) for kind in _of_merge(words[place:]))
        if word.lower() not in _WHAT or not behind or not _NAME.match(_joined(behind)):
            continue
        deletes = word.lower() == "delete" and words[place + 1 : place + 2][0].lower() == "from"
        if deletes or "set" in [one.lower() for one in behind[1:]]:
            yield _WHAT[word.lower()], _joined(behind)


def _filled(words: Sequence[str]) -> Iterator[str]:
    """The tables that it puts rows into, as they are written."""
    for place, (word, into) in enumerate(pairwise(words)):
        behind = words[place + 2 : place + 5]
        if (word.lower(), into.lower()) == ("insert", "into") and behind and _NAME.match(_joined(behind)):
            yield _joined(behind)


def _of_merge(words: Sequence[str]) -> Iterator[HazardKind]:
    """What it does with rows that match."""
    small = [one.lower() for one in words]
    for word, kind in _WHAT.items():
        if ("then", word) in pairwise(small):
            yield kind


def _joined(words: Sequence[str]) -> str:
    """The name that they begin with, and its schema."""
    return "".join(words[:3]) if words[1:2] == ["."] else words[0]


def lived_as(step: Step, written: str) -> Iterator[int]:
    """The tables that others know by that name."""
    tables = set(step.trace.before.tables)
    return (one for one in named_as(step.trace.before, written) if one in tables and step.lived(one))


def named_as(known: Catalogue, written: str) -> Iterator[int]:
    """The relations of that name, whatever letters and schema it is written with."""
    wanted = [_plain(part) for part in _PART.findall(written)]
    for number, relation in known.relations.items():
        if [_plain(part) for part in _PART.findall(relation.name)][-len(wanted) :] == wanted:
            yield number


def _plain(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') else part.lower()


def _one_row(step: Step, table: int, words: Sequence[str]) -> bool:
    small = [one.lower() for one in words]
    if small.count("where") != 1 or step.word not in _WHAT:
        return False
    hit = _ONE_ROW.match("".join(words[small.index("where") + 1 :]))
    keys = (
        _ONE_KEY.search(index.definition)
        for index in step.trace.before.indexes.values()
        if index.table == table and index.unique
    )
    return hit is not None and _plain(hit["column"]) in {_plain(key["column"]) for key in keys if key}
