import httpx
import psycopg
import pytest

from hotelctl.app.domain.permissions import Role
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.callers import Headers
from tests.app.people import HOTEL_A, HOTEL_B, add_user
from tests.app.talk import open_thread
from tests.app.work import add, one

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_HERE = "/api/plan"


@pytest.fixture
async def owner(hotels: str, service: Service) -> Headers:
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "owner@alpha.example", Role.OWNER)
    return await callers.page(service, "owner@alpha.example")


async def test_what_is_named_changes_of_the_own_hotel_and_the_trail_tells_it(
    client: httpx.AsyncClient, owner: Headers, owner_url: str
) -> None:
    call = {"model_key": "guest-messaging", "provider": "local", "status": "success", "latency_ms": 1}
    add(owner_url, "ai_interaction_logs", **call)
    usual = {"plan": "standard", "ai_monthly_limit": 2000, "calls_this_month": 1}
    assert (await client.get(_HERE, headers=owner)).json() == usual
    answer = await client.patch(_HERE, json={"ai_monthly_limit": 50}, headers=owner)
    assert (answer.status_code, answer.json()) == (200, {**usual, "ai_monthly_limit": 50})
    answer = await client.patch(_HERE, json={"plan": "grand_2", "ai_monthly_limit": 50}, headers=owner)
    assert answer.json()["plan"] == "grand_2"
    stored = "SELECT plan, ai_monthly_limit FROM hotels WHERE id = %s"
    assert one(owner_url, stored, HOTEL_A) == ("grand_2", 50)
    assert one(owner_url, stored, HOTEL_B) == ("standard", 2000)
    with psycopg.connect(owner_url) as connection:
        trail = connection.execute(
            "SELECT action, object_id, before, after FROM audit_events ORDER BY id"
        ).fetchall()
    assert trail == [
        ("plan.update", HOTEL_A, {"ai_monthly_limit": 2000}, {"ai_monthly_limit": 50}),
        ("plan.update", HOTEL_A, {"plan": "standard"}, {"plan": "grand_2"}),
    ]


async def test_the_limit_holds_from_the_next_question_on(
    client: httpx.AsyncClient, owner: Headers, guest: Headers
) -> None:
    thread = await open_thread(client, guest)
    await client.patch(_HERE, json={"ai_monthly_limit": 0}, headers=owner)
    said = {"content": "When is breakfast?", "client_msg_id": "01890000-0000-7000-8000-0000000000aa"}
    assert (await client.post(f"{thread}/messages", json=said, headers=guest)).status_code == 402
    await client.patch(_HERE, json={"ai_monthly_limit": 1}, headers=owner)
    assert (await client.post(f"{thread}/messages", json=said, headers=guest)).status_code == 201


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ("Can I talk to a person?", 201),
        ("yes", 201),
        ("no", 201),
        ("There is a fire in my room!", 201),
        ("Hello", 402),
        ("Two towels please", 402),
    ],
)
async def test_beyond_the_limit_a_guest_still_reaches_a_person(
    content: str, status: int, client: httpx.AsyncClient, owner: Headers, guest: Headers
) -> None:
    thread = await open_thread(client, guest)
    await client.patch(_HERE, json={"ai_monthly_limit": 0}, headers=owner)
    said = {"content": content, "client_msg_id": "01890000-0000-7000-8000-0000000000ab"}
    answer = await client.post(f"{thread}/messages", json=said, headers=guest)
    assert answer.status_code == status, answer.text


async def test_a_person_is_called_beyond_the_limit(
    client: httpx.AsyncClient, owner: Headers, guest: Headers, owner_url: str
) -> None:
    thread = await open_thread(client, guest)
    await client.patch(_HERE, json={"ai_monthly_limit": 0}, headers=owner)
    said = {"content": "I want to talk to a human", "client_msg_id": "01890000-0000-7000-8000-0000000000ac"}
    await client.post(f"{thread}/messages", json=said, headers=guest)
    assert one(owner_url, "SELECT status FROM conversations WHERE deleted_at IS NULL") == ("human",)


@pytest.mark.parametrize(
    "body",
    [
        {"ai_monthly_limit": -1},
        {"ai_monthly_limit": 10_000_001},
        {"ai_monthly_limit": None},
        {"plan": ""},
        {"plan": "Best plan"},
        {"plan": "x" * 41},
        {"calls_this_month": 0},
    ],
)
async def test_what_is_out_of_bounds_changes_nothing(
    body: dict[str, object], client: httpx.AsyncClient, owner: Headers, owner_url: str
) -> None:
    assert (await client.patch(_HERE, json=body, headers=owner)).status_code == 422
    assert one(owner_url, "SELECT count(*) FROM audit_events") == (0,)


async def test_admins_do_not_decide_what_it_costs(
    client: httpx.AsyncClient, hotels: str, service: Service
) -> None:
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "admin@alpha.example", Role.ADMIN)
    admin = await callers.page(service, "admin@alpha.example")
    assert (await client.get(_HERE, headers=admin)).status_code == 403
    assert (await client.patch(_HERE, json={"plan": "best"}, headers=admin)).status_code == 403
