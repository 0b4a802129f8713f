import dataclasses

import pytest

from hotelctl.checks.schema.of_run import findings, small
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Location, Measurement, QueryResult, Severity
from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.migration_run import MigrationRun
from tests.checks import made


def told(*found: Hazard, **fields: int) -> list[Finding]:
    """The findings, where `public.rooms` holds so many rows."""
    run = made.migration_run(*found, rows={f"public.{name}": rows for name, rows in fields.items()})
    return list(findings(run, run.found))


def test_a_finding_says_where_what_who_waits_and_how_large_it_is() -> None:
    (one,) = told(made.hazard(HazardKind.REWRITE), rooms=1_234_567)
    assert one.subject == "2.sql: rewrite public.rooms"
    assert one.message == (
        "migrations/2.sql:7: all of public.rooms under ACCESS EXCLUSIVE, reads and writes wait; "
        "about 1,234,567 rows live"
    )
    assert one.location == Location("migrations/2.sql", 7)
    query, time = one.evidence
    assert isinstance(query, QueryResult)
    assert query.statement == "ALTER TABLE rooms ADD more int"
    assert time == Measurement("statement on the shadow", 2.35, "ms")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (HazardKind.REWRITE, " under ACCESS EXCLUSIVE, reads and writes wait"),
        (HazardKind.HELD_LOCK, ", reads and writes wait"),
        (HazardKind.BACKFILL, ""),
        (HazardKind.DATA_LOSS, ""),
        (HazardKind.NO_LOCK_TIMEOUT, ""),
    ],
)
def test_a_lock_is_told_of_work_that_goes_on_under_it(kind: HazardKind, words: str) -> None:
    (one,) = told(made.hazard(kind))
    assert one.message == f"migrations/2.sql:7: all of public.rooms{words}"


def test_without_a_file_the_revision_is_its_place() -> None:
    run = made.migration_run(made.hazard(HazardKind.CANNOT_RUN, table="", lock=None, refused=""))
    (placeless,) = (dataclasses.replace(one, path="", line=None) for one in run.found)
    (one,) = findings(run, [placeless])
    assert (one.subject, one.location) == ("2.sql: cannot run", None)
    assert one.message.startswith("2.sql: all of")


def test_each_has_a_subject_of_its_own_and_its_severity() -> None:
    run = made.migration_run(*[made.hazard(HazardKind.SCAN)] * 3)
    found = list(findings(run, run.found, lambda _one: Severity.LOW))
    assert len({one.subject for one in found}) == 3
    assert {one.severity for one in found} == {Severity.LOW}


def test_a_long_statement_is_cut_and_what_looks_like_a_secret_hidden() -> None:
    run = made.migration_run(made.hazard(HazardKind.SCAN, detail="postgresql://ana:wrong-horse@db/x"))
    (long,) = (dataclasses.replace(one, sql="SELECT " + "x, " * 900) for one in run.found)
    (one,) = findings(run, [long])
    query = one.evidence[0]
    assert isinstance(query, QueryResult)
    assert len(query.statement) == 160
    assert query.statement.endswith("...")
    assert "wrong-horse" not in repr(one.evidence)


def test_what_comes_after_a_stop_is_unknown_and_what_was_found_is_told() -> None:
    run = made.migration_run(made.hazard(HazardKind.SCAN), stopped="no such table")
    found = iter(findings(run, run.found))
    assert next(found).subject
    with pytest.raises(Unavailable, match="not watched: no such table"):
        next(found)


@pytest.mark.parametrize(
    ("rows", "is_small"), [({"public.rooms": 10}, True), ({"public.rooms": 10_000}, False), ({}, False)]
)
def test_only_a_table_that_is_known_to_be_small_is(rows: dict[str, int], is_small: bool) -> None:  # noqa: FBT001 - a fact
    run: MigrationRun = made.migration_run(made.hazard(HazardKind.SCAN), rows=rows)
    assert small(run, run.found[0]) is is_small


def test_what_live_rows_may_let_run_is_unknown_behind_what_was_seen() -> None:
    told = "'DROP TABLE x' runs or not by EXISTS(SELECT FROM y)"
    hidden = made.hazard(HazardKind.UNTAKEN, detail=f"{told} postgresql://ana:wrong-horse@db/x")
    run = made.migration_run(made.hazard(HazardKind.SCAN), hidden)
    found = iter(findings(run, run.of(HazardKind.SCAN)))
    assert next(found).subject
    with pytest.raises(Unavailable) as why:
        next(found)
    assert why.value.reason.startswith(
        f"what may run on the live database did not run here: migrations/2.sql:7: {told}"
    )
    assert why.value.reason.endswith("; let the catalogue decide, or change it without a condition")
    assert "wrong-horse" not in why.value.reason
