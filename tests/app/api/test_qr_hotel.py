import httpx
import pytest

from hotelctl.app.services import qr_image
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.codes import execute
from tests.app.people import HOTEL_A

pytestmark = [pytest.mark.database, pytest.mark.anyio, pytest.mark.usefixtures("hotels")]


async def test_staff_gets_the_pictures_of_the_hotel_s_entrance(
    client: httpx.AsyncClient, service: Service, owner_url: str
) -> None:
    headers = await callers.page(service, "staff@alpha.example")
    ((code,),) = execute(owner_url, "SELECT entry_code FROM hotels WHERE id = %s", HOTEL_A)
    address = f"https://hotel.example/h/{code}"
    svg = await client.get("/api/qr/hotel.svg", headers=headers)
    assert (svg.headers["Content-Type"], svg.text) == ("image/svg+xml", qr_image.svg(address))
    for query, scale in (("", 8), ("?scale=1", 1), ("?scale=20", 20)):
        png = await client.get(f"/api/qr/hotel.png{query}", headers=headers)
        assert (png.headers["Content-Type"], png.content) == ("image/png", qr_image.png(address, scale))


@pytest.mark.parametrize("scale", ["0", "21", "big"])
async def test_other_sizes_are_refused(scale: str, client: httpx.AsyncClient, service: Service) -> None:
    answer = await client.get(f"/api/qr/hotel.png?scale={scale}", headers=await callers.page(service))
    assert answer.status_code == 422


@pytest.mark.parametrize("name", ["hotel.svg", "hotel.png"])
async def test_nobody_else_gets_them(name: str, client: httpx.AsyncClient, service: Service) -> None:
    assert (await client.get(f"/api/qr/{name}")).status_code == 401
    assert (await client.get(f"/api/qr/{name}", headers=await callers.guest(service))).status_code == 403
