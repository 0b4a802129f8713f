"""What a release was heard to ask, asked once more of a schema before and after migrations."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hotelctl.facts.implied_statements import Tried
from hotelctl.facts.kept_statements import Kept
from hotelctl.facts.sql_split import all_words, first_words

_NAME = "hotelctl_replay"
_STALE = "0A000"
# Older servers meet the parameter before they get as far as the word that they do not know.
_NO_PARAMETER, _SYNTAX, _NO_VALUES = "42P02", "42601", "generic_plan"
_CHANGING = frozenset({"insert", "update", "delete", "merge"})
# What a value is refused by depends on what the release writes; ours are made up.
_OF_VALUES = ("22", "23503", "23505", "23514", "23P01", "P0001")


@dataclass(frozen=True, slots=True)
class Replay:
    """One statement and the words by which it is asked: it runs, or is only `planned`, without values."""

    kept: Kept
    sql: str
    planned: bool = False


@dataclass(frozen=True, slots=True)
class BrokenReplay:
    """A statement that was answered before the migrations, and is refused or finds no row behind them."""

    said: str
    before: Tried
    after: Tried
    live: bool = False

    @property
    def tightens(self) -> bool:
        """Whether only its values, which are not the release's own, may be refused; or rows are not shown."""
        return not self.after.sqlstate or self.after.sqlstate.startswith(_OF_VALUES)


@dataclass(frozen=True, slots=True)
class StalePlan:
    """A statement that a session prepared before and cannot run afterwards, in the server's words."""

    said: str
    message: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of the statements of `release`: `asked` are those that the schema answered before.

    `why` says why they, or some of them, are not known. With `of_owner` some may be its tests' own.
    """

    release: str = ""
    asked: tuple[str, ...] = ()
    broken: tuple[BrokenReplay, ...] = ()
    why: str = ""
    of_owner: bool = False

    def names(self, word: str) -> bool:
        """Whether any of its statements holds that name."""
        return any(word in one for one in self.asked)


NOT_REPLAYED = Replayed()
"""Of a schema that nobody was heard to ask."""


def run_of(one: Kept, number: int) -> Replay:
    """It runs with its values, as a driver sends it: understood first, and given values afterwards.

    `number` is its own among those of one session, which keeps what it prepared to its end.
    """
    if not one.values:
        return Replay(one, one.sql)
    given = ", ".join("NULL" if value is None else _quoted(value) for value in one.values)
    name = f"{_NAME}_{number}"
    return Replay(one, f"PREPARE {name} AS {one.sql}; EXECUTE {name}({given})")


def plan_of(one: Kept) -> Replay:
    """It is understood and planned, rights included, whatever its values would be."""
    return Replay(one, f"EXPLAIN (GENERIC_PLAN) {one.sql}", planned=True)


def unplanned(ends: Iterable[Tried]) -> str:
    """Why plans without values say nothing; empty where the server makes them, as it does from 16 on."""
    old = [
        one
        for one in ends
        if one.sqlstate == _NO_PARAMETER or (one.sqlstate == _SYNTAX and _NO_VALUES in one.message.lower())
    ]
    if not old:
        return ""
    number = "one" if len(old) == 1 else f"{len(old)}"
    what = f"{number} of the old statements could not be planned"
    return f"{what}: PostgreSQL before 16 plans nothing without values"


def answered(
    kept: Sequence[Kept], tried: Callable[[Sequence[Replay]], Sequence[Tried]]
) -> tuple[tuple[tuple[Replay, Tried], ...], str]:
    """What the schema of now answers: by running where the made-up values allow it, else by planning.

    Behind them stands why some could not even be planned.
    """
    runs = [run_of(one, number) for number, one in enumerate(kept)]
    ends = tried(runs)
    plans = [plan_of(one.kept) for one, end in zip(runs, ends, strict=True) if end.sqlstate]
    planned = tried(plans)
    both = [*zip(runs, ends, strict=True), *zip(plans, planned, strict=True)]
    return tuple((one, end) for one, end in both if not end.sqlstate), unplanned(planned)


def broken_replays(
    before: Sequence[tuple[Replay, Tried]], after: Sequence[Tried]
) -> tuple[BrokenReplay, ...]:
    """Those that went through before and do not afterwards, or answer nothing where there was something."""
    return tuple(
        BrokenReplay(one.kept.sql, was, now, one.kept.live)
        for (one, was), now in zip(before, after, strict=True)
        if not was.sqlstate and (now.sqlstate or (not one.planned and was.rows > 0 and now.rows == 0))
    )


def shows_rows(sql: str) -> bool:
    """Whether it answers with rows: a plan gets stale by their form, and without them never."""
    return not _CHANGING.intersection(first_words(sql, 1)) or "returning" in all_words(sql)


def stale_plans(
    said: Sequence[str], before: Sequence[Tried], again: Sequence[Tried]
) -> tuple[StalePlan, ...]:
    """Those of a session that the server refuses for nothing but that they were prepared before."""
    return tuple(
        StalePlan(one, now.message)
        for one, was, now in zip(said, before, again, strict=True)
        if not was.sqlstate and now.sqlstate == _STALE and "cached plan" in now.message
    )


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
