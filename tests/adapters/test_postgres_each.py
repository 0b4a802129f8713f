"""Statements that are no transaction together, as those want that build concurrently."""

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.postgres import Limits, PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.core.errors import StepFailed, Unavailable
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.database


def test_each_is_its_own_transaction(databases: PostgresDatabases, database_url: str) -> None:
    databases.execute(database_url, "CREATE TABLE rooms (id int)")
    with pytest.raises(StepFailed, match="VACUUM cannot run inside a transaction block"):
        databases.execute(database_url, "SELECT 1; VACUUM rooms")
    databases.execute_each(database_url, ["CREATE INDEX CONCURRENTLY i ON rooms (id)", "VACUUM rooms"])
    assert databases.query(
        database_url, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass"
    ).values == ((True,),)


def test_what_came_before_a_refusal_stays_and_what_comes_after_is_not_done(
    databases: PostgresDatabases, database_url: str
) -> None:
    statements = ["CREATE TABLE a (x int)", "SELECT 1 / 0", "CREATE TABLE b (x int)"]
    with pytest.raises(StepFailed, match=r"division by zero \(22012\)"):
        databases.execute_each(database_url, statements)
    asked = "SELECT to_regclass('a') IS NOT NULL, to_regclass('b') IS NOT NULL"
    assert databases.query(database_url, asked).values == ((True, False),)


def test_a_percent_sign_is_the_statement_s_own(databases: PostgresDatabases, database_url: str) -> None:
    databases.execute_each(database_url, ["CREATE TABLE a AS SELECT '100%s' AS x"])
    assert databases.query(database_url, "SELECT x FROM a").values == (("100%s",),)


def test_each_has_the_limit_of_time(
    processes: LocalProcesses, evidence: FakeEvidence, database_url: str
) -> None:
    hasty = PostgresDatabases(processes, evidence, SystemClock(), Limits(execute_s=0.2))
    with pytest.raises(StepFailed, match=r"statement timeout .* limit 0\.2 s"):
        hasty.execute_each(database_url, ["SELECT 1", "SELECT pg_sleep(60)"])


def test_they_are_one_record_also_where_they_fail(
    databases: PostgresDatabases, database_url: str, evidence: FakeEvidence
) -> None:
    with pytest.raises(StepFailed):
        databases.execute_each(database_url, ["SELECT 1", "SELECT nothing"])
    record = evidence.of("postgres")[-1]
    assert (record["operation"], record["statements"]) == ("execute_each", ["SELECT 1", "SELECT nothing"])
    assert "nothing" in record["error"]


def test_a_server_that_does_not_answer_is_said(databases: PostgresDatabases) -> None:
    with pytest.raises(Unavailable, match="connection refused"):
        databases.execute_each("postgresql://u@127.0.0.1:1/d", ["SELECT 1"])
