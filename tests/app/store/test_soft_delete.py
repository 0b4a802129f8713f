from pathlib import Path

import psycopg
import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import aliased

from hotelctl.app.services.service import Service
from hotelctl.app.store import retention
from hotelctl.app.store.base import SoftDeleted
from hotelctl.app.store.engine import WITH_DELETED
from hotelctl.app.store.tables import Base, User
from tests.app.people import HOTEL_A

_APP = Path(__file__).parents[3] / "hotelctl" / "app"
_SOFT = {
    str(mapper.persist_selectable)
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, SoftDeleted)
}


def test_these_rows_are_marked_before_they_go() -> None:
    soft = " ".join(sorted(_SOFT))
    assert soft == "conversations hotels knowledge_entries room_notes tickets users work_orders"


def test_what_is_marked_goes_for_good_in_time() -> None:
    # A hotel that was marked has a function of its own, as the service does not see it.
    assert set(retention._SOFT_DELETED) == _SOFT - {"hotels"}


@pytest.mark.database
@pytest.mark.anyio
async def test_marked_rows_are_neither_found_nor_changed_unless_asked_for(
    service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE users SET deleted_at = now() WHERE email = 'staff@alpha.example'")
        gone = connection.execute("SELECT id FROM users WHERE deleted_at IS NOT NULL").fetchone()
    assert gone
    people, other = select(func.count(User.id)), aliased(User)
    async with service.db.transaction(HOTEL_A) as session:
        assert await session.scalar(people) == 1
        assert await session.scalar(select(func.count(other.id))) == 1
        assert await session.get(User, gone[0]) is None
        assert await session.scalar(people.execution_options(**{WITH_DELETED: True})) == 2
        await session.execute(update(User).values(display_name="Changed"))
        await session.execute(delete(User).where(User.id == gone[0]))
        found = await session.get(User, gone[0], execution_options={WITH_DELETED: True})
        assert found is not None
        assert found.display_name != "Changed"
