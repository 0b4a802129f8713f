import zipfile
from typing import Any

import pytest
from sqlalchemy import text

from hotelctl.app.domain.failures import Unavailable
from hotelctl.app.domain.principal import Principal
from hotelctl.app.services import hotel_export
from hotelctl.app.services.hotel_export import pack
from hotelctl.app.services.service import Service
from hotelctl.app.store import exporting
from tests.app import callers
from tests.app.people import HOTEL_A
from tests.app.work import add, one

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]


@pytest.fixture
async def who(service: Service) -> Principal:
    headers = await callers.page(service)
    return await service.admission.admit(headers["Cookie"].partition("=")[2])


async def test_all_in_it_is_of_one_moment(
    service: Service, who: Principal, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = exporting.tables

    def tables(connection: Any) -> tuple[str, ...]:  # noqa: ANN401 - the function's own
        found = listed(connection)
        add(owner_url, "knowledge_entries", title="Came meanwhile", body="x")
        return found

    monkeypatch.setattr(exporting, "tables", tables)
    with await pack(service.db, who) as file, zipfile.ZipFile(file) as packed:
        assert packed.read("knowledge_entries.jsonl") == b""
    async with service.db.transaction(HOTEL_A) as session:
        assert await session.scalar(text("SELECT count(*) FROM knowledge_entries")) == 1


async def test_without_a_place_for_the_file_nothing_was_taken(
    service: Service, who: Principal, owner_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hotel_export, "_write", write)
    with pytest.raises(Unavailable):
        await pack(service.db, who)
    assert one(owner_url, "SELECT count(*) FROM audit_events") == (0,)
