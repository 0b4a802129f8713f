"""What log-in over the API and in the pages share; the rest is tested through both."""

import httpx
import psycopg
import pytest

from hotelctl.app.domain.failures import Forbidden, Unauthenticated
from hotelctl.app.services.password_check import PasswordCheck
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.people import PASSWORD

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]
_EMAIL = "manager@alpha.example"
_IP = "203.0.113.9"


@pytest.fixture
def check(service: Service) -> PasswordCheck:
    return service.password_check


async def test_a_user_suspended_between_password_and_session_stays_out(
    check: PasswordCheck, service: Service, owner_url: str
) -> None:
    proved = await check.prove(_EMAIL, PASSWORD, _IP)
    with psycopg.connect(owner_url) as connection:
        connection.execute("UPDATE users SET suspended_at = now()")
    async with service.db.transaction(proved.hotel_id) as session:
        with pytest.raises(Unauthenticated):
            await check.enter(session, proved)


async def test_a_guest_has_no_password_to_renew(check: PasswordCheck, service: Service) -> None:
    token = (await callers.guest(service))["Authorization"].split()[1]
    guest = await service.admission.admit(token)
    with pytest.raises(Forbidden):
        await check.renew(guest, PASSWORD, "n" * 12).__aenter__()


async def test_what_fails_after_a_renewal_takes_it_back(
    check: PasswordCheck, client: httpx.AsyncClient, service: Service
) -> None:
    token = (await callers.bearer(client))["Authorization"].split()[1]
    who = await service.admission.admit(token)
    renewing = check.renew(who, PASSWORD, "n" * 12)
    await renewing.__aenter__()
    assert not await renewing.__aexit__(InterruptedError, InterruptedError(), None)
    assert (await check.prove(_EMAIL, PASSWORD, _IP)).user_id == who.user_id
    assert (await service.admission.admit(token, afresh=True)).user_id == who.user_id
