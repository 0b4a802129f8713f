"""P5: a member of staff sees what there is to do, does it, and the change is written down."""

from uuid import UUID

from sqlalchemy import text

from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.pages import closed_to_strangers, page
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Broken

_ORDER = {"kind": "housekeeping", "title": "Towels for the probe", "room_label": "204"}
_HISTORY = text(
    "SELECT count(*) FROM pms_work_order_history"
    " WHERE work_order_id = :id AND hotel_id = :hotel AND changed ? 'status'"
)


async def staff(run: Run) -> None:
    """From the list of what is nobody's yet to one that is done."""
    manager, bearer = await run.token(Role.MANAGER), await run.token(Role.STAFF)
    made = (await run.talk.ask("POST /api/work-orders", bearer=manager, json_body=_ORDER)).must(201)
    order = made.value("id")
    (await page(run, "/staff", "staff", await run.cookie(Role.STAFF))).holds(_ORDER["title"])
    await closed_to_strangers(run, "/staff")
    seen = (await run.talk.ask("GET /api/dashboard/staff", bearer=bearer)).must(200)
    if order not in {one.get("id") for one in seen.value("unassigned_work_orders")}:
        raise Broken(f"{seen.request}: a work order that is nobody's yet is not shown")
    place = f"/api/work-orders/{order}"
    version = (await run.talk.ask(f"GET {place}", bearer=bearer)).must(200).headers.get("etag", "")
    begun, unless = {"status": "in_progress"}, {"If-Match": version}
    changed = await run.talk.ask(f"PATCH {place}", bearer=manager, json_body=begun, headers=unless)
    changed.must(200, status="in_progress")
    with run.ground.owner.connect() as connection:
        told = connection.scalar(_HISTORY, {"id": UUID(order), "hotel": run.ground.hotel_id})
    if told != 1:
        raise Broken(f"{changed.request}: {told} changes of status are written down, must be 1")
