from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg
import pytest

from hotelctl.app.api import application
from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, synthetic_hotel_id
from hotelctl.app.domain.permissions import Role
from hotelctl.app.identity import Identity
from hotelctl.app.services import keyring, limiter, tokens
from hotelctl.app.services.passwords import Passwords
from hotelctl.app.services.readiness import Phase
from hotelctl.app.services.service import Service
from hotelctl.app.settings import Settings
from hotelctl.app.smoke.carry_over import Issued, hotel_of, issue, probe_of, read_issued
from hotelctl.app.smoke.run import Run, run_probes
from hotelctl.app.smoke.talk import Broken, Talk
from tests.app.people import HOTEL_A

pytestmark = [pytest.mark.database, pytest.mark.anyio]
Another = Callable[[Path], Service]


@pytest.fixture
def another(app_url: str, settings_of: Callable[..., Settings], cheap_passwords: Passwords) -> Another:
    """Makes another instance with the keyring of a directory."""

    def make(ring: Path) -> Service:
        settings = settings_of(app_url, hotel_keyring=ring)
        service = Service(settings, keyring.load(ring), Identity(), cheap_passwords)
        service.probe.phase = Phase.SERVING
        return service

    return make


async def _verdict(run: Run, service: Service) -> str:
    return await _checked(run, service, await issue(run))


async def _checked(run: Run, service: Service, issued: Issued) -> str:
    transport = httpx.ASGITransport(application.build(service), client=("127.0.0.1", 5000))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        (result,) = await run_probes([probe_of(issued)], Run(Talk(client), run.ground))
    await service.db.close()
    return f"{result['status']} {result['why']}".strip()


async def test_what_one_instance_issued_is_good_at_another(
    run: Run, another: Another, tmp_path: Path
) -> None:
    assert await _verdict(run, another(tmp_path / "keyring")) == "PASS"


async def test_a_key_that_was_swapped_is_seen(run: Run, another: Another, tmp_path: Path) -> None:
    keyring.init(tmp_path / "other")
    found = await _verdict(run, another(tmp_path / "other"))
    assert found.startswith("FAIL GET /api/protected: answered 401, must be 200")


async def test_a_code_that_only_its_maker_knows_is_seen(
    run: Run, another: Another, tmp_path: Path, owner_url: str
) -> None:
    issued = await issue(run)
    with psycopg.connect(owner_url) as connection:
        connection.execute("DELETE FROM guest_staff_qr_tokens WHERE use_count = 0")
    found = await _checked(run, another(tmp_path / "keyring"), issued)
    assert found.startswith("FAIL POST /api/qr/validate: answered 401, must be 200")


async def test_of_a_former_release_that_used_no_limit_up_none_is_asked_for(
    run: Run, another: Another, tmp_path: Path, owner_url: str
) -> None:
    issued = await issue(run)
    with psycopg.connect(owner_url) as connection:
        connection.execute("DELETE FROM rate_limits")
    of_former_release = {name: value for name, value in issued.items() if name != "used_up"}
    assert await _checked(run, another(tmp_path / "keyring"), of_former_release) == "PASS"


async def test_limits_are_used_up_of_nobody_but_a_person_of_the_run(run: Run, owner_url: str) -> None:
    await issue(run)
    with psycopg.connect(owner_url) as connection:
        keys = connection.execute("SELECT key FROM rate_limits WHERE bucket = 'export'").fetchall()
    assert keys == [(str(run.person(Role.MANAGER).user_id),)]


async def test_a_limit_that_was_raised_meanwhile_is_none_that_was_forgotten(
    run: Run, another: Another, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = await issue(run)
    former = limiter.BUCKETS["export"]
    raised = replace(former, limits=(replace(former.limits[0], allowed=former.limits[0].allowed + 3),))
    monkeypatch.setitem(limiter.BUCKETS, "export", raised)
    assert await _checked(run, another(tmp_path / "keyring"), issued) == "PASS"


@pytest.fixture
async def long_ago(run: Run, monkeypatch: pytest.MonkeyPatch, owner_url: str) -> Issued:
    """What was issued hours before it is checked."""
    await run.token(Role.MANAGER)
    with monkeypatch.context() as before:
        before.setattr(tokens, "ACCESS_TTL", timedelta(hours=-4))
        issued = await issue(run)
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE guest_staff_qr_tokens SET expires_at = expires_at - interval '4 hours'")
    return issued


async def test_after_a_long_pause_what_renews_the_access_token_tells(
    run: Run, long_ago: Issued, another: Another, tmp_path: Path
) -> None:
    assert await _checked(run, another(tmp_path / "keyring"), long_ago) == "PASS"


async def test_keys_that_were_lost_in_a_long_pause_are_seen(
    run: Run, long_ago: Issued, another: Another, tmp_path: Path
) -> None:
    keyring.init(tmp_path / "other")
    found = await _checked(run, another(tmp_path / "other"), long_ago)
    assert found.startswith("FAIL the access token issued before the switch ran out, and what renewed it")
    assert "keys were lost" in found


async def test_a_log_in_that_was_lost_in_a_long_pause_is_seen(
    run: Run, long_ago: Issued, another: Another, tmp_path: Path, owner_url: str
) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute("DELETE FROM sessions")
    found = await _checked(run, another(tmp_path / "keyring"), long_ago)
    assert found.startswith("FAIL POST /api/auth/refresh: answered 401, must be 200")


async def test_an_access_token_that_ran_out_and_cannot_be_renewed_is_no_pass(
    run: Run, long_ago: Issued, another: Another, tmp_path: Path
) -> None:
    alone = {name: long_ago[name] for name in ("hotel_id", "access_token")}
    found = await _checked(run, another(tmp_path / "keyring"), alone)
    assert found.startswith("FAIL the access token issued before the switch ran out, and nothing")


def test_what_was_issued_is_read_as_it_was_printed() -> None:
    assert read_issued('{"access_token": "t"}') == {"access_token": "t"}
    for spoiled in ("", "{}", "[]", '{"access_token": 1}'):
        with pytest.raises(Broken, match="cannot be read"):
            read_issued(spoiled)


def test_what_was_issued_tells_its_hotel_and_a_former_release_had_one_for_all() -> None:
    own = synthetic_hotel_id()
    assert hotel_of({"hotel_id": str(own), "cookie": "c"}) == own
    assert hotel_of({"cookie": "c"}) == SYNTHETIC_HOTEL_ID
    for spoiled in ("x", str(HOTEL_A)):
        with pytest.raises(Broken, match="cannot be read"):
            hotel_of({"hotel_id": spoiled})
