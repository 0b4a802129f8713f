from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app import logs
from hotelctl.app.domain.failures import StartFailure
from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.readiness import Phase
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from hotelctl.app.store import health

pytestmark = [pytest.mark.database, pytest.mark.anyio]
Make = Callable[..., Settings]


async def _start(settings: Settings) -> tuple[Service, int]:
    service = Service(settings, keyring.load(settings.hotel_keyring), Identity(), Passwords(8))
    given_up: list[bool] = []
    await service.start(lambda: given_up.append(True))
    await service.db.close()
    return service, len(given_up)


async def _failure(settings: Settings) -> StartFailure:
    service, given_up = await _start(settings)
    assert service.start_failure
    assert given_up == 1
    assert service.probe.phase is Phase.STARTING
    return service.start_failure


async def test_serves_when_all_is_there(app_url: str, settings_of: Make) -> None:
    service, given_up = await _start(settings_of(app_url))
    assert (service.start_failure, given_up) == (None, 0)
    assert service.probe.phase is Phase.SERVING


async def test_forgets_limits_of_days_past(app_url: str, owner_url: str, settings_of: Make) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute(
            "INSERT INTO rate_limits VALUES"
            " ('b', 'old', now() - interval '2 days', 1), ('b', 'new', now(), 1)"
        )
    await _start(settings_of(app_url))
    with psycopg.connect(owner_url) as connection:
        assert connection.execute("SELECT key FROM rate_limits").fetchall() == [("new",)]


async def test_refuses_the_owner(owner_url: str, settings_of: Make) -> None:
    failure = await _failure(settings_of(owner_url))
    assert (failure.exit_code, failure.event) == (78, "config_invalid")
    assert "owns_tables" in failure.message


@pytest.mark.parametrize(
    ("change", "fault"),
    [("ALTER ROLE {} BYPASSRLS", "bypassrls"), ("ALTER TABLE rate_limits OWNER TO {}", "owns_tables")],
)
async def test_refuses_a_role_with_too_much_power(
    change: str, fault: str, database_server: str, spare_url: str, settings_of: Make
) -> None:
    role = "test_power_" + spare_url.partition("test_")[2][:12]
    with psycopg.connect(database_server, autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'p' IN ROLE hotel_app")
        try:
            with psycopg.connect(spare_url, autocommit=True) as connection:
                connection.execute(change.format(role))
            url = make_url(spare_url).set(username=role, password="p").render_as_string(hide_password=False)
            assert fault in (await _failure(settings_of(url))).message
        finally:
            with psycopg.connect(spare_url, autocommit=True) as connection:
                connection.execute(f"DROP OWNED BY {role}")
            server.execute(f"DROP ROLE {role}")


async def test_refuses_a_schema_for_newer_code(app_url: str, owner_url: str, settings_of: Make) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE schema_compat SET min_code_serial = %s", (SCHEMA_SERIAL + 1,))
    failure = await _failure(settings_of(app_url))
    assert (failure.exit_code, failure.event) == (65, "schema_incompatible")


async def test_waits_unready_for_a_migration(app_url: str, owner_url: str, settings_of: Make) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("DELETE FROM schema_compat WHERE serial = %s", (SCHEMA_SERIAL,))
    service, given_up = await _start(settings_of(app_url))
    assert (service.start_failure, given_up) == (None, 0)


def _skew(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """The database's clock differs by so much."""

    async def there(_: AsyncSession) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=seconds)

    monkeypatch.setattr(health, "server_time", there)


@pytest.mark.parametrize("seconds", [-60, -5.5, 5, 3600])
async def test_refuses_clocks_that_differ(
    seconds: float, app_url: str, settings_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    _skew(monkeypatch, seconds)
    failure = await _failure(settings_of(app_url))
    assert (failure.exit_code, "clocks" in failure.message) == (75, True)


@pytest.mark.parametrize("seconds", [-4.5, 4])
async def test_serves_beside_clocks_that_differ_a_little(
    seconds: float, app_url: str, settings_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    _skew(monkeypatch, seconds)
    service, given_up = await _start(settings_of(app_url))
    assert (service.start_failure, given_up) == (None, 0)


async def test_a_dead_server_is_a_missing_dependency(settings_of: Make) -> None:
    failure = await _failure(settings_of("postgresql://x:s3cr3t@127.0.0.1:1/x"))
    assert (failure.exit_code, failure.event) == (75, "dependency_unavailable")
    assert "s3cr3t" not in failure.message


async def test_waits_for_a_server_that_is_late(
    app_url: str, settings_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    real = health.server_version

    async def late(session: AsyncSession) -> str:
        calls.append(1)
        if len(calls) < 3:
            raise OSError("not yet")
        return await real(session)

    monkeypatch.setattr(health, "server_version", late)
    service, _ = await _start(settings_of(app_url, database_wait_s=60))
    assert (service.start_failure, len(calls)) == (None, 3)


async def test_does_not_wait_for_a_database_that_is_not_there(app_url: str, settings_of: Make) -> None:
    url = make_url(app_url).set(database="not_here").render_as_string(hide_password=False)
    began = datetime.now(UTC)
    failure = await _failure(settings_of(url, database_wait_s=60))
    assert failure.exit_code == 75
    assert datetime.now(UTC) - began < timedelta(seconds=30)


async def test_a_bug_while_starting_ends_the_process(
    app_url: str, settings_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: AsyncSession) -> str:
        raise RuntimeError("bug")

    monkeypatch.setattr(health, "runtime_role", broken)
    assert (await _failure(settings_of(app_url))).exit_code == 70


async def test_draining_is_told_once_and_survives_a_late_start(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(service.identity)
    service.probe.phase = Phase.STARTING
    service.drain()
    service.drain()
    await service.start(lambda: None)
    assert service.draining
    assert capsys.readouterr().out.count("leaving") == 1
