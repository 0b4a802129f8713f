from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from hotelctl.app.api.navigation import links_for
from hotelctl.app.domain.permissions import USER_ROLES, Department, Role
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.domain.texts import texts_in
from tests.app.forms import OWN, come_in


def _member(role: Role) -> Principal:
    now = datetime.now(UTC)
    return Principal(
        SubjectKind.USER, uuid4(), uuid4(), uuid4(), role, Department.GENERAL, room_label=None, expires_at=now
    )


@pytest.mark.parametrize("role", USER_ROLES)
def test_every_member_of_staff_has_a_page_to_start_at(role: Role) -> None:
    assert links_for(_member(role), texts_in("en"))


@pytest.mark.database
@pytest.mark.anyio
@pytest.mark.parametrize("role", USER_ROLES)
async def test_every_link_opens_and_no_other_page_of_the_navigation_does(
    role: Role, client: httpx.AsyncClient, hotels: str
) -> None:
    await come_in(client, hotels, role)
    mine = {link.path for link in links_for(_member(role), texts_in("en"))}
    for path in {link.path for link in links_for(_member(Role.OWNER), texts_in("en"))}:
        status = (await client.get(path, headers=OWN)).status_code
        assert status == (200 if path in mine else 403), path
