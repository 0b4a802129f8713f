import dataclasses

import pytest

from hotelctl.checks.schema.live_rows_meet_new_rules import live_rows_meet_new_rules as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Location, QueryResult, Severity
from hotelctl.facts.data_preflight import DataPreflight, Met
from hotelctl.facts.migration_run import WrittenQuestion
from hotelctl.facts.preflight import Preflight
from tests.checks import made

RULE = Preflight("public.rooms", "public.rooms.name is NULL", 'WHERE "name" IS NULL', 0)
ASKED = WrittenQuestion(RULE, "2.sql", "ALTER TABLE rooms ALTER name SET NOT NULL", "migrations/2.sql", 7)


def met(rows: int) -> DataPreflight:
    """So many rows stand in the way."""
    return DataPreflight("hotel", (Met(ASKED, rows),))


def test_rules_that_all_rows_meet_are_fine() -> None:
    assert made.judged(check, met(0)) == []
    assert check.info.severity is Severity.CRITICAL


@pytest.mark.parametrize(("rows", "words"), [(1, "1 row"), (1000, "1,000 rows")])
def test_rows_in_the_way_are_told_with_their_number_and_the_place_of_the_rule(rows: int, words: str) -> None:
    (one,) = made.judged(check, met(rows))
    assert one.subject == "2.sql: public.rooms.name is NULL"
    assert one.message == f"migrations/2.sql:7: public.rooms.name is NULL: {words} of hotel"
    assert one.location == Location("migrations/2.sql", 7)


def test_the_question_is_the_evidence_and_the_fix_shows_the_rows() -> None:
    (one,) = made.judged(check, met(3))
    (evidence,) = one.evidence
    assert isinstance(evidence, QueryResult)
    assert evidence.statement == RULE.sql
    assert one.fix == 'SELECT * FROM public.rooms WHERE "name" IS NULL LIMIT 20;'


def test_rows_that_a_statement_before_may_mend_are_told_and_block_nobody() -> None:
    mended = dataclasses.replace(ASKED, question=dataclasses.replace(RULE, mended=True))
    (one,) = made.judged(check, DataPreflight("hotel", (Met(mended, 2),)))
    assert one.severity is Severity.MEDIUM
    assert one.message.endswith("is NULL: 2 rows of hotel; a statement before it changes rows there")


def test_an_index_that_is_built_beside_and_fails_stays_behind() -> None:
    said = {}
    for how in ("CONCURRENTLY ", ""):
        asked = dataclasses.replace(ASKED, sql=f"CREATE UNIQUE INDEX {how}once ON rooms (name)")
        (one,) = made.judged(check, DataPreflight("hotel", (Met(asked, 2),)))
        said[how] = one.message.endswith("2 rows of hotel; its index stays behind, invalid")
    assert said == {"CONCURRENTLY ": True, "": False}


def test_without_a_file_the_revision_is_the_place() -> None:
    placeless = dataclasses.replace(ASKED, path="", line=None)
    (one,) = made.judged(check, DataPreflight("hotel", (Met(placeless, 2),)))
    assert (one.location, one.message.partition(": ")[0]) == (None, "2.sql")


def test_a_question_that_could_not_be_answered_is_unknown_after_what_was_found() -> None:
    preflight = DataPreflight("hotel", (Met(ASKED, 3),), {"public.rooms is odd": "it took too long"})
    found = iter(check.judge(preflight))
    assert next(found).subject
    with pytest.raises(Unavailable, match=r"public\.rooms is odd: it took too long"):
        next(found)
