import pytest

from hotelctl.facts.implied_statements import Tried
from hotelctl.facts.kept_statements import Kept
from hotelctl.facts.replay import (
    BrokenReplay,
    Replayed,
    StalePlan,
    answered,
    broken_replays,
    plan_of,
    run_of,
    shows_rows,
    stale_plans,
    unplanned,
)

READ = Kept("SELECT id FROM t WHERE a = $1 AND b = $2", ("it's", None))
PLAIN = Kept("SELECT id FROM t")
FINE, NOTHING, LOST = Tried(1), Tried(0), Tried(0, "42703", "no such column")


def test_values_are_given_to_what_is_understood_without_them() -> None:
    assert run_of(READ, 3).sql == (
        "PREPARE hotelctl_replay_3 AS SELECT id FROM t WHERE a = $1 AND b = $2; "
        "EXECUTE hotelctl_replay_3('it''s', NULL)"
    )
    assert run_of(PLAIN, 4).sql == PLAIN.sql
    assert plan_of(READ).sql == f"EXPLAIN (GENERIC_PLAN) {READ.sql}"


def test_only_what_went_through_before_can_break() -> None:
    one, plan = run_of(PLAIN, 1), plan_of(READ)
    assert broken_replays([(one, FINE), (plan, FINE)], [FINE, FINE]) == ()
    assert broken_replays([(one, LOST), (plan, FINE)], [LOST, LOST]) == (BrokenReplay(READ.sql, FINE, LOST),)
    assert broken_replays([(one, FINE)], [NOTHING]) == (BrokenReplay(PLAIN.sql, FINE, NOTHING),)
    assert broken_replays([(one, NOTHING)], [FINE]) == ()
    assert broken_replays([(plan, FINE)], [NOTHING]) == (), "a plan has as many lines as it has"


def test_what_cannot_run_is_planned_and_what_is_not_understood_is_left_out() -> None:
    ends = {run_of(PLAIN, 0).sql: FINE, run_of(READ, 1).sql: LOST, plan_of(READ).sql: FINE}
    found = answered([PLAIN, READ], lambda asked: [ends[one.sql] for one in asked])
    assert found == (((run_of(PLAIN, 0), FINE), (plan_of(READ), FINE)), "")
    ends[plan_of(READ).sql] = LOST
    found = answered([PLAIN, READ], lambda asked: [ends[one.sql] for one in asked])
    assert found == (((run_of(PLAIN, 0), FINE),), "")


@pytest.mark.parametrize(
    "refusal",
    [
        Tried(0, "42P02", "there is no parameter $1"),
        Tried(0, "42601", 'unrecognized EXPLAIN option "generic_plan"'),
    ],
)
def test_a_server_that_plans_nothing_without_values_is_told(refusal: Tried) -> None:
    ends = {run_of(READ, 0).sql: LOST, plan_of(READ).sql: refusal}
    found, why = answered([READ], lambda asked: [ends[one.sql] for one in asked])
    assert found == ()
    assert (
        why
        == "one of the old statements could not be planned: PostgreSQL before 16 plans nothing without values"
    )
    assert unplanned([refusal, refusal]).startswith("2 of the old statements")
    assert unplanned([FINE, LOST, Tried(0, "42601", 'syntax error at or near "$1"')]) == ""


def test_rows_and_values_only_tighten() -> None:
    assert BrokenReplay("", FINE, NOTHING).tightens
    assert BrokenReplay("", FINE, Tried(0, "23505", "twice")).tightens
    assert not BrokenReplay("", FINE, Tried(0, "23502", "null")).tightens, "it gives no value"
    assert not BrokenReplay("", FINE, LOST).tightens


def test_a_stale_plan_is_one_that_the_server_calls_so() -> None:
    stale = Tried(0, "0A000", "cached plan must not change result type")
    other = Tried(0, "0A000", "cannot insert into a view")
    assert stale_plans(["a", "b", "c", "d"], [FINE, LOST, FINE, FINE], [stale, stale, other, LOST]) == (
        StalePlan("a", stale.message),
    )


@pytest.mark.parametrize(
    ("sql", "shows"),
    [
        ("SELECT id FROM t", True),
        ("WITH gone AS (DELETE FROM t RETURNING id) SELECT id FROM gone", True),
        ("VALUES (1)", True),
        ("/* for all */ update t SET a = $1 RETURNING a", True),
        ("INSERT INTO t VALUES ('x returning')", False),
        ("-- one\nDELETE FROM t", False),
        ("MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN DELETE", False),
    ],
)
def test_what_answers_with_rows_alone_is_prepared_in_a_session(sql: str, *, shows: bool) -> None:
    assert shows_rows(sql) is shows


def test_a_statement_names_what_stands_in_it() -> None:
    assert Replayed("r1", (PLAIN.sql,)).names("t")
    assert not Replayed("r1", (PLAIN.sql,)).names("notes")
