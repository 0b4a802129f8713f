import dataclasses
from typing import Any

import pytest

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ports import Rows
from hotelctl.facts.migration_run import MigrationRun, WrittenQuestion
from hotelctl.facts.preflight import Preflight
from hotelctl.probes.data_preflight import data_preflight
from tests.checks import made
from tests.fakes.databases import FakeDatabase
from tests.probes.worlds import URL, World

REPLICA = "postgresql://reader@replica.invalid/copy"


def question(column: str) -> WrittenQuestion:
    """About rows without that column."""
    rule = Preflight("public.rooms", f"public.rooms.{column} is NULL", f'WHERE "{column}" IS NULL', 0)
    return WrittenQuestion(rule, "2.sql", "ALTER", "migrations/2.sql", 7)


def run(*questions: WrittenQuestion) -> MigrationRun:
    """Pending migrations that ask this."""
    return dataclasses.replace(made.migration_run(), questions=questions)


NAME, SIZE = question("name"), question("size")


def world(environment: str = "local", **migrations: Any) -> World:  # noqa: ANN401 - settings of the table
    """Three rows have no name, none is without a size."""
    one = World(migrations={"kind": "sql", "directory": "migrations", **migrations})
    one.databases.databases["copy"] = FakeDatabase()
    one.databases.answer("current_database", ("d",), [("live",)])
    one.databases.answer('"name" IS NULL', ("n",), [(3,)])
    one.databases.answer('"size" IS NULL', ("n",), [(0,)])
    one.environment_name = environment
    return one


def asked_at(one: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs that are asked from now on."""
    urls: list[str] = []
    query = one.databases.query

    def noted(url: str, *rest: Any) -> Rows:  # noqa: ANN401 - as the port has it
        urls.append(url)
        return query(url, *rest)

    monkeypatch.setattr(one.databases, "query", noted)
    return urls


def test_each_question_gets_its_number_of_rows_from_the_live_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = world()
    urls = asked_at(one, monkeypatch)
    fact = data_preflight(one.context(), run(NAME, SIZE))
    assert (fact.database, fact.doubts) == ("live", {})
    assert [(met.question, met.rows) for met in fact.met] == [(NAME, 3), (SIZE, 0)]
    assert set(urls) == {URL}
    assert one.databases.at(URL).executed == [], "nothing but questions"


def test_a_question_that_is_not_answered_is_a_doubt_and_the_others_are_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = world()
    query = one.databases.query

    def slow(url: str, sql: str, *rest: Any) -> Rows:  # noqa: ANN401 - as the port has it
        if '"name"' in sql:
            raise Unavailable("statement timeout")
        return query(url, sql, *rest)

    monkeypatch.setattr(one.databases, "query", slow)
    fact = data_preflight(one.context(), run(NAME, SIZE))
    assert [met.question for met in fact.met] == [SIZE]
    assert fact.doubts == {"public.rooms.name is NULL": "statement timeout"}


def test_a_rule_without_a_question_is_a_doubt_and_by_itself_unknown() -> None:
    words = "2.sql:3: public.rooms.rule EXCLUDE"
    asked = dataclasses.replace(run(SIZE), unasked=(words,))
    assert data_preflight(world().context(), asked).doubts == {
        words: "no question to the live rows is known for it"
    }
    alone = dataclasses.replace(run(), unasked=(words,))
    with pytest.raises(Unavailable, match="rule EXCLUDE: no question to the live rows is known for it"):
        data_preflight(world("staging").context(), alone)


def test_without_a_rule_for_rows_that_are_there_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable, match="adds a rule for rows"):
        data_preflight(world().context(), run())


@pytest.mark.parametrize(
    ("environment", "setting", "is_asked"),
    [
        ("local", {}, True),
        ("local", {"preflight": "off"}, False),
        ("staging", {}, False),
        ("staging", {"preflight": "live"}, True),
        ("staging", {"preflight": "off"}, False),
    ],
)
def test_live_rows_are_asked_where_somebody_said_so(
    environment: str,
    setting: dict[str, str],
    is_asked: bool,  # noqa: FBT001 - a fact
) -> None:
    one = world(environment, **setting)
    if is_asked:
        assert data_preflight(one.context(), run(NAME)).met[0].rows == 3
        return
    with pytest.raises(Unavailable, match=r'set migrations\.preflight = "live"'):
        data_preflight(one.context(), run(NAME))


@pytest.mark.parametrize("where", ["release_env", "environ"])
def test_a_replica_that_is_named_is_asked_instead(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = world("staging", preflight_url_env="REPLICA_URL", preflight="off")
    getattr(one, where)["REPLICA_URL"] = REPLICA
    urls = asked_at(one, monkeypatch)
    assert data_preflight(one.context(), run(NAME)).met[0].rows == 3
    assert set(urls) == {REPLICA}


def test_a_replica_that_is_named_and_not_set_is_said_and_the_live_rows_are_left_alone() -> None:
    one = world(preflight_url_env="REPLICA_URL")
    with pytest.raises(
        Unavailable, match=r"REPLICA_URL, which migrations\.preflight_url_env names, is not set"
    ):
        data_preflight(one.context(), run(NAME))
