from dataclasses import replace

from benchmarks.planted.migrations.cases import BACKFILL, CACHED_PLAN, REWRITE, SCAN, MigrationCase, cases
from benchmarks.planted.migrations.score import score


def _labelled(**hazards: set[str]) -> list[MigrationCase]:
    return [replace(cases()[0], id=name, hazards=frozenset(one)) for name, one in hazards.items()]


def test_cases_are_told_apart_and_hazards_named() -> None:
    among = _labelled(a={REWRITE}, b={SCAN, CACHED_PLAN}, c={BACKFILL}, d={CACHED_PLAN}, e=set())
    told = {"a": {REWRITE, SCAN}, "b": {BACKFILL}, "c": {CACHED_PLAN}, "d": {REWRITE}, "e": set()}
    found = score(among, {name: frozenset(one) for name, one in told.items()})
    assert (found.caught, found.missed, found.alarms, found.quiet) == (("a", "b"), ("c",), ("d",), ("e",))
    assert found.named == ("a",)
    assert (found.precision, found.recall, found.naming) == (2 / 3, 2 / 3, 1 / 3)


def test_who_flags_nothing_is_precise_and_finds_nothing() -> None:
    found = score(_labelled(a={REWRITE}), {"a": frozenset()})
    assert (found.precision, found.recall, found.naming) == (1.0, 0.0, 0.0)
