from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from hotelctl.app.api.navigation import links_for
from hotelctl.app.domain.permissions import USER_ROLES, Department, Role
from hotelctl.app.domain.principal import Principal, SubjectKind
from tests.app.forms import OWN, enter


def _member(role: Role) -> Principal:
    now = datetime.now(UTC)
    return Principal(
        SubjectKind.USER, uuid4(), uuid4(), uuid4(), role, Department.GENERAL, room_label=None, expires_at=now
    )


@pytest.mark.parametrize("role", USER_ROLES)
def test_every_member_of_staff_has_a_page_to_start_at(role: Role) -> None:
    assert links_for(_member(role))


@pytest.mark.database
@pytest.mark.anyio
@pytest.mark.usefixtures("hotels")
@pytest.mark.parametrize("who", ["manager", "staff"])
async def test_every_link_opens(who: str, client: httpx.AsyncClient) -> None:
    client.base_url = httpx.URL("https://hotel.example")
    await enter(client, f"{who}@alpha.example")
    role = {"manager": Role.MANAGER, "staff": Role.STAFF}[who]
    for link in links_for(_member(role)):
        assert (await client.get(link.path, headers=OWN)).status_code == 200
