import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.services.passwords import Passwords
from hotelctl.app.smoke import database
from hotelctl.app.smoke.ground import prepared
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Broken
from hotelctl.app.store import direct
from hotelctl.app.store.engine import Database
from tests.app.hotel_knowledge import add_entry
from tests.app.people import HOTEL_A, add_hotel
from tests.app.smoke.conftest import Verdict
from tests.app.smoke.lies import Lying

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_LIMIT_MS = 250.0


def _asks(statement: str) -> database.Asking:
    async def ask(session: AsyncSession) -> None:
        await session.execute(text(statement))

    return ask


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rounds, as a test has seconds and not a minute; of few, one that others disturb weighs more."""
    monkeypatch.setattr(database, "_ROUNDS", 3)
    monkeypatch.setattr(database, "_SLOWEST_MS", _LIMIT_MS)


@pytest.fixture
def slow_machine() -> Iterator[Callable[[int], None]]:
    """Makes the machine take long for so many next statements of the service, whatever they ask."""
    left = 0

    def take_long(*_: object) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            time.sleep(1.2 * _LIMIT_MS / 1000)

    def begin(times: int) -> None:
        nonlocal left
        left = times

    with pytest.MonkeyPatch.context() as patch:
        made = Database.__init__

        def slowed(self: Database, *args: Any, **more: Any) -> None:  # noqa: ANN401 - whatever it is made with
            made(self, *args, **more)
            event.listen(self.engine.sync_engine, "before_cursor_execute", take_long)

        answers = direct._answers

        async def slow_answers(*args: Any) -> list[Any]:  # noqa: ANN401 - whatever it is asked with
            take_long()
            return await answers(*args)

        patch.setattr(Database, "__init__", slowed)
        patch.setattr(direct, "_answers", slow_answers)
        yield begin


def _only(monkeypatch: pytest.MonkeyPatch, name: str, ask: database.Asking | None = None) -> None:
    monkeypatch.setattr(database, "_STATEMENTS", {name: ask or database._STATEMENTS[name]})


def _measured(run: Run) -> dict[str, tuple[float, float | None]]:
    return {one["name"]: (one["value"], one["limit"]) for one in run.measured}


@pytest.mark.usefixtures("few")
async def test_slow_statements_are_seen(verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    _only(monkeypatch, "ticket page", _asks("SELECT pg_sleep(0.8)"))
    assert (await verdict("P6")).startswith("FAIL ticket page p95 above SELECT 1 is ")


@pytest.mark.usefixtures("few")
async def test_a_machine_that_is_slow_for_nothing_is_told_and_not_blamed_on_the_statement(
    verdict: Verdict, run: Run, monkeypatch: pytest.MonkeyPatch, slow_machine: Callable[[int], None]
) -> None:
    _only(monkeypatch, "ticket page")
    slow_machine(10_000)
    assert await verdict("P6") == "PASS"
    found = _measured(run)
    assert found["ticket page p95"][0] > _LIMIT_MS
    assert found["SELECT 1 p95 in turns with it"][0] > _LIMIT_MS
    assert found["ticket page p95 above SELECT 1"][1] == _LIMIT_MS


@pytest.mark.usefixtures("few")
async def test_a_slow_statement_is_seen_on_a_slow_machine_too(
    verdict: Verdict, monkeypatch: pytest.MonkeyPatch, slow_machine: Callable[[int], None]
) -> None:
    _only(monkeypatch, "ticket page", _asks("SELECT pg_sleep(0.8)"))
    slow_machine(10_000)
    assert (await verdict("P6")).startswith("FAIL ticket page p95 above SELECT 1 is ")


@pytest.mark.usefixtures("few")
async def test_a_burst_of_other_work_is_over_when_asked_again(
    verdict: Verdict, run: Run, monkeypatch: pytest.MonkeyPatch, slow_machine: Callable[[int], None]
) -> None:
    _only(monkeypatch, "login look-up")
    # Four statements look for an index; the fifth is the tenant's, the sixth is measured.
    slow_machine(7)
    assert await verdict("P6") == "PASS"
    assert _measured(run)["login look-up p95"][1] == _LIMIT_MS


async def test_what_is_asked_is_the_services_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    answers = direct._answers

    async def note(connection: Any, asked: Sequence[direct.Asked], hotel_id: UUID | None) -> list[Any]:  # noqa: ANN401 - the driver's
        seen.extend(statement.sql for statement, _ in asked)
        return await answers(connection, asked, hotel_id)

    monkeypatch.setattr(direct, "_answers", note)
    async with database._instance(run) as asked:
        event.listen(
            asked.database.engine.sync_engine, "before_cursor_execute", lambda *args: seen.append(args[2])
        )
        await asked.find_by_index()
    for words in (
        *("FROM auth_user_by_email(", "FROM qr_claim(", "sum(w.idf * m.place)", "FROM tickets \nWHERE"),
        "count(*) FILTER (WHERE due_at < now()) AS overdue",
    ):
        assert any(words in statement for statement in seen), words


async def test_a_long_scan_is_seen(verdict: Verdict, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_LARGE", -2)
    _only(monkeypatch, "ticket page", _asks("SELECT * FROM schema_compat"))
    assert "FAIL ticket page reads all" in await verdict("P6")


@pytest.mark.parametrize("found_by", ["index", "scan"])
async def test_what_the_functions_before_the_log_in_read_is_seen(
    spare_url: str,
    as_runtime: Callable[[str], str],
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    found_by: str,
) -> None:
    monkeypatch.setattr(database, "_LARGE", -2)
    _only(monkeypatch, "login look-up")
    seen: AbstractContextManager[object] = nullcontext()
    if found_by == "scan":
        with psycopg.connect(spare_url, autocommit=True) as connection:
            name = sql.Identifier(connection.info.dbname)
            for way in ("enable_indexscan", "enable_bitmapscan"):
                connection.execute(
                    sql.SQL("ALTER DATABASE {} SET {} = off").format(name, sql.Identifier(way))
                )
        seen = pytest.raises(Broken, match=r"login look-up reads all -?\d+ rows of (users|hotels)")
    with prepared(spare_url, as_runtime(spare_url), Passwords(8)) as ground:
        async with database._instance(Run(run.talk, ground)) as asked:
            with seen:
                await asked.find_by_index()


async def test_a_database_that_counts_no_scans_is_no_pass(
    spare_url: str, as_runtime: Callable[[str], str], run: Run
) -> None:
    with psycopg.connect(spare_url, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("ALTER DATABASE {} SET track_counts = off").format(name))
    with prepared(spare_url, as_runtime(spare_url), Passwords(8)) as ground:
        async with database._instance(Run(run.talk, ground)) as asked:
            with pytest.raises(Broken, match="track_counts is off"):
                await asked.find_by_index()


async def test_a_session_that_waits_for_a_lock_is_seen(
    verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_WAITING", text("SELECT count(*) FROM pg_locks WHERE granted"))
    assert "sessions wait for a lock for more than a second" in await verdict("P6")


async def test_a_transaction_left_open_is_seen(
    verdict: Verdict, hotels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once = str(database._IDLE).replace("30 seconds", "0 seconds")
    monkeypatch.setattr(database, "_IDLE", text(at_once))
    with psycopg.connect(hotels) as connection:
        connection.execute("SELECT 1")
        assert "FAIL 1 sessions hold a transaction open" in await verdict("P6")


async def test_a_full_pool_is_seen(verdict: Verdict, lying: Lying) -> None:
    lying.says("GET", "/metrics", 200, "hotel_db_pool_checked_out 9.0\nhotel_db_pool_size 10.0\n")
    assert "FAIL pool use is 0.9 share, must be at most 0.8" in await verdict("P6")


async def test_a_table_that_shows_every_hotel_is_seen(
    spare_url: str, as_runtime: Callable[[str], str], run: Run
) -> None:
    with psycopg.connect(spare_url) as connection:
        add_hotel(connection, HOTEL_A, "alpha")
        add_entry(connection, HOTEL_A, "Breakfast")
        connection.execute("ALTER TABLE knowledge_entries DISABLE ROW LEVEL SECURITY")
    seen = pytest.raises(Broken, match="sees 1 rows of another hotel in knowledge_entries")
    with prepared(spare_url, as_runtime(spare_url), Passwords(8)) as ground, seen:
        database._shows_one_hotel(Run(run.talk, ground))


async def test_a_role_that_writes_anywhere_is_seen(spare_url: str, run: Run) -> None:
    seen = pytest.raises(Broken, match="may write rows of another hotel")
    with prepared(spare_url, spare_url, Passwords(8)) as ground, seen:
        database._writes_nowhere_else(Run(run.talk, ground))
