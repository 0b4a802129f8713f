import re
import tomllib
from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.planted.migrations.cases import (
    BASE,
    CACHED_PLAN,
    HAZARDS,
    HERE,
    MEASURED,
    PARTS,
    REWRITE,
    TUNE,
    cases,
    counted,
    of_part,
)

SAFE = [case for case in cases() if case.safe]
PER_HAZARD = Counter(hazard for case in cases() for hazard in case.hazards)


def test_the_set_is_as_large_as_it_was_promised() -> None:
    assert len(cases()) >= 110
    assert len(SAFE) >= 45
    assert sum(case.naive for case in SAFE) >= 30


def test_only_safe_cases_are_naive() -> None:
    assert [case.id for case in cases() if case.naive and not case.safe] == []


def test_ids_and_migrations_do_not_repeat() -> None:
    assert len({case.id for case in cases()}) == len(cases())
    assert len({(" ".join(case.sql.split()), case.transaction) for case in cases()}) == len(cases())


def test_every_label_is_known_and_every_hazard_is_there() -> None:
    assert set(PER_HAZARD) == HAZARDS
    assert min(PER_HAZARD.values()) >= 5


@pytest.mark.parametrize("part", PARTS)
def test_each_half_holds_every_hazard_and_safe_cases(part: str) -> None:
    among = of_part(part)
    assert {hazard for case in among for hazard in case.hazards} == HAZARDS
    assert sum(case.safe for case in among) >= 20


def test_a_half_is_drawn_by_the_id_alone_and_both_are_of_a_size() -> None:
    assert sorted(case.id for part in PARTS for case in of_part(part)) == sorted(case.id for case in cases())
    assert 0.4 <= len(of_part(TUNE)) / len(cases()) <= 0.6
    case = of_part(MEASURED)[0]
    assert replace(case, sql="", table="", hazards=frozenset()).part == MEASURED


def test_a_cached_plan_alone_makes_no_case_unsafe() -> None:
    one = replace(cases()[0], hazards=frozenset({CACHED_PLAN}))
    assert one.safe
    assert not replace(one, hazards=frozenset({CACHED_PLAN, REWRITE})).safe
    assert counted({CACHED_PLAN, REWRITE}) == {REWRITE}


def test_tables_are_those_of_the_base() -> None:
    made = re.findall(r"^CREATE (?:TABLE|VIEW|MATERIALIZED VIEW) (\S+)", BASE.read_text(), re.MULTILINE)
    assert {case.table for case in cases()} <= set(made)
    assert len(made) >= 15


def test_every_case_says_why() -> None:
    assert [case.id for case in cases() if not case.why or "\n" in case.why or not case.sql.strip()] == []


def test_labels_stand_in_order_and_once() -> None:
    tables = [tomllib.loads(path.read_text()) for path in (HERE / "labelled").glob("*.toml")]
    listed = {case["id"]: case["hazards"] for table in tables for case in table["case"]}
    assert [name for name, hazards in listed.items() if hazards != sorted(set(hazards))] == []
