import asyncio

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.schema import SCHEMA_SERIAL, SchemaState
from hotelctl.app.services import readiness
from hotelctl.app.services.readiness import Phase, ReadinessProbe
from hotelctl.app.services.service import Service
from hotelctl.app.store.engine import Database
from hotelctl.app.store.health import schema_state

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def _read(service: Service, phase: Phase = Phase.SERVING) -> tuple[str, dict[str, str]]:
    probe = ReadinessProbe(service.db, lambda: True)
    probe.phase = phase
    state = await probe.read()
    return state.status, state.checks


async def test_ready_with_a_fitting_schema(service: Service) -> None:
    assert await _read(service) == ("ready", {"db": "ok", "schema": "ok", "keys": "ok"})


@pytest.mark.parametrize("phase", [Phase.STARTING, Phase.DRAINING])
async def test_not_ready_before_and_after_serving(phase: Phase, service: Service) -> None:
    status, checks = await _read(service, phase)
    assert (status, set(checks.values())) == (phase.value, {"ok"})


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("DELETE FROM schema_compat WHERE serial = %(code)s", "schema_behind"),
        ("UPDATE schema_compat SET min_code_serial = %(code)s + 1", "incompatible"),
        ("INSERT INTO schema_compat VALUES (%(code)s + 1, 'next', %(code)s, 'x')", "ok"),
    ],
)
async def test_the_schema_decides(change: str, found: str, service: Service, owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute(change.encode(), {"code": SCHEMA_SERIAL})
    status, checks = await _read(service)
    assert checks["schema"] == found
    assert status == ("ready" if found == "ok" else "not_ready")


async def test_a_database_without_any_schema_is_behind(database_url: str) -> None:
    db = Database(database_url, pool_size=1, instance_id="t")
    assert (await ReadinessProbe(db, lambda: True).read()).checks == {
        "db": "ok",
        "schema": "schema_behind",
        "keys": "ok",
    }
    await db.close()


async def test_a_keyring_that_cannot_be_used_is_not_ready(service: Service) -> None:
    usable = [True]
    probe = ReadinessProbe(service.db, lambda: usable[-1])
    probe.phase = Phase.SERVING
    assert (await probe.read()).ready
    usable.append(False)
    state = await probe.read()
    assert (state.status, state.checks) == ("not_ready", {"db": "ok", "schema": "ok", "keys": "unusable"})


async def test_a_dead_database_is_not_ready() -> None:
    db = Database("postgresql://x@127.0.0.1:1/x", pool_size=1, instance_id="t")
    probe = ReadinessProbe(db, lambda: True)
    probe.phase = Phase.SERVING
    state = await probe.read()
    assert (state.status, state.checks) == ("not_ready", {"db": "failed", "schema": "unknown", "keys": "ok"})
    await db.close()


async def test_a_hanging_database_costs_a_second_at_most(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(readiness, "schema_state", hang)
    monkeypatch.setattr(readiness, "_DB_TIMEOUT_S", 0.1)
    async with asyncio.timeout(30):
        assert (await _read(service))[1]["db"] == "failed"


async def test_many_askers_cause_one_question_and_its_answer_is_kept(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    ask = schema_state

    async def counted(session: AsyncSession) -> SchemaState:
        asked.append(session)
        return await ask(session)

    monkeypatch.setattr(readiness, "schema_state", counted)
    probe = ReadinessProbe(service.db, lambda: True)
    await asyncio.gather(*(probe.read() for _ in range(20)))
    await probe.read()
    assert len(asked) == 1
    probe._found_at_s -= 2.0
    await probe.read()
    assert len(asked) == 2
