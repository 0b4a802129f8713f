import json
from pathlib import Path

import pytest

from hotelctl.core.ledger import Ledger
from hotelctl.facts.implied_statements import Tried
from hotelctl.facts.kept_statements import Kept, KeptStatements
from hotelctl.facts.migration_run import MigrationRun
from hotelctl.facts.replay import BrokenReplay, StalePlan
from tests.probes.test_migration_run import live
from tests.probes.worlds import SERVING, World

__all__ = ["live"]
READ, WRITE = Kept("SELECT name FROM rooms"), Kept("INSERT INTO rooms VALUES ($1)", ("x",))
RUN = "PREPARE hotelctl_replay_1 AS INSERT INTO rooms VALUES ($1); EXECUTE hotelctl_replay_1('x')"
PLAN = "EXPLAIN (GENERIC_PLAN) INSERT INTO rooms VALUES ($1)"
IMPLIED = 'SELECT "id", "name" FROM public.rooms'
LOST, REFUSED = Tried(0, "42703", "no such column"), Tried(0, "23503", "no such hotel")


@pytest.fixture
def serving(live: World) -> World:
    """A release serves of which two statements are kept."""
    live.serving = SERVING
    _keep(live, json.dumps(KeptStatements((READ, WRITE)).to_json()))
    live.tracer.trials = [Tried(1)]
    return live


def _keep(world: World, text: str) -> None:
    world.write(".hotelctl/local/releases/r1/statements.json", text)


def test_what_the_tests_of_the_serving_release_asked_is_asked_before_and_after(serving: World) -> None:
    serving.tracer.ends = {READ.sql: [Tried(1), LOST]}
    replayed = serving.fact(MigrationRun).replayed
    assert (replayed.release, replayed.why) == ("r1", "")
    assert replayed.asked == (READ.sql, WRITE.sql)
    assert replayed.broken == (BrokenReplay(READ.sql, Tried(1), LOST),)


def test_what_its_values_keep_from_running_is_planned_instead(serving: World) -> None:
    serving.tracer.ends = {RUN: [REFUSED], PLAN: [Tried(3), LOST]}
    replayed = serving.fact(MigrationRun).replayed
    assert replayed.broken == (BrokenReplay(WRITE.sql, Tried(3), LOST),)
    assert sum(RUN in asked for asked in serving.tracer.tries) == 1, "it says nothing a second time"


def test_what_an_older_server_cannot_plan_is_known_to_be_missing(serving: World) -> None:
    serving.tracer.ends = {RUN: [LOST], PLAN: [Tried(0, "42P02", "there is no parameter $1")]}
    replayed = serving.fact(MigrationRun).replayed
    assert replayed.asked == (READ.sql,)
    assert replayed.why.startswith("one of the old statements could not be planned: PostgreSQL before 16")


def test_what_the_schema_does_not_even_understand_now_says_nothing(serving: World) -> None:
    serving.tracer.ends = {RUN: [LOST], PLAN: [LOST]}
    replayed = serving.fact(MigrationRun).replayed
    assert (replayed.asked, replayed.broken) == ((READ.sql,), ())


def test_a_session_prepares_what_is_understood_and_is_asked_again(serving: World) -> None:
    stale = Tried(0, "0A000", "cached plan must not change result type")
    serving.tracer.stale = {READ.sql: stale, IMPLIED: stale}
    run = serving.fact(MigrationRun)
    assert serving.tracer.kept == (READ.sql, IMPLIED, 'SELECT "id" FROM public.notes'), (
        "what shows no rows is never refused"
    )
    assert run.stale == (StalePlan(READ.sql, stale.message), StalePlan(IMPLIED, stale.message))
    serving.tracer.gone = "somebody ended it"
    assert serving.fact(MigrationRun).stale == ()


def test_the_table_of_revisions_is_left_out_by_the_name_that_the_project_gives_it(serving: World) -> None:
    serving.work.noted_in = Ledger('"notes"', ("version_num",))
    serving.databases.answer("to_regclass", ["name"], [["public.notes"]])
    serving.fact(MigrationRun)
    assert any("FROM public.rooms" in one for tried in serving.tracer.tries for one in tried)
    assert not any("public.notes" in one for tried in serving.tracer.tries for one in tried)


@pytest.mark.parametrize("text", ["", "{}", '{"statements": 1}'])
def test_statements_that_cannot_be_read_are_said(serving: World, text: str) -> None:
    _keep(serving, text)
    replayed = serving.fact(MigrationRun).replayed
    assert replayed.why.startswith("what the tests of release r1 asked cannot be read: ")
    assert replayed.asked == ()


def test_a_release_of_before_has_none(serving: World) -> None:
    serving.files.remove(Path("/project/.hotelctl/local/releases/r1/statements.json"))
    replayed = serving.fact(MigrationRun).replayed
    assert (replayed.release, replayed.asked, replayed.why) == ("r1", (), "")


def test_where_nothing_serves_nobody_is_heard(live: World) -> None:
    assert live.fact(MigrationRun).replayed.release == ""


def test_what_its_role_asks_live_is_planned_too(serving: World) -> None:
    texts = [("SELECT name FROM rooms WHERE name = $1",), (READ.sql,), ("select pg_sleep($1)",)]
    serving.databases.answer("extname = 'pg_stat_statements'", ("schema",), [("public",)])
    serving.databases.answer("public.pg_stat_statements s", ("query",), texts)
    run, plan = texts[0][0], f"EXPLAIN (GENERIC_PLAN) {texts[0][0]}"
    serving.tracer.ends = {run: [LOST], plan: [Tried(3), LOST]}
    replayed = serving.fact(MigrationRun).replayed
    assert replayed.asked == (READ.sql, WRITE.sql, run)
    assert replayed.broken == (BrokenReplay(run, Tried(3), LOST, live=True),)


def test_what_the_tests_asked_and_its_role_asks_live_is_known_to_be_live(serving: World) -> None:
    serving.databases.answer("extname = 'pg_stat_statements'", ("schema",), [("public",)])
    serving.databases.answer("public.pg_stat_statements s", ("query",), [(READ.sql,)])
    serving.tracer.ends = {READ.sql: [Tried(1), LOST]}
    replayed = serving.fact(MigrationRun).replayed
    assert replayed.asked == (READ.sql, WRITE.sql)
    assert replayed.broken == (BrokenReplay(READ.sql, Tried(1), LOST, live=True),)


def test_a_table_of_its_name_in_another_schema_is_asked(serving: World) -> None:
    serving.work.noted_in = Ledger('"notes"', ("version_num",))
    serving.databases.answer("to_regclass", ["name"], [["ops.notes"]])
    serving.fact(MigrationRun)
    assert any("FROM public.notes" in one for tried in serving.tracer.tries for one in tried)
