"""P4: the manager's page opens for managers only, and its figures are those of the database."""

from sqlalchemy import text

from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.pages import closed_to_strangers, log_in_is_guarded, page
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Broken

_TICKET = {"title": "A probe's ticket", "priority": "URGENT"}
_FIGURES = ("open", "urgent", "unassigned")
_COUNTED = text(
    "SELECT count(*) AS open, count(*) FILTER (WHERE priority = 'URGENT') AS urgent,"
    " count(*) FILTER (WHERE assigned_to IS NULL) AS unassigned FROM tickets"
    " WHERE hotel_id = :hotel AND deleted_at IS NULL"
    " AND status IN ('OPEN', 'IN_PROGRESS', 'WAITING_RESPONSE')"
)


async def admin(run: Run) -> None:
    """Asked with a ticket to count; refused to staff."""
    bearer = await run.token(Role.MANAGER)
    (await run.talk.ask("POST /api/tickets", bearer=bearer, json_body=_TICKET)).must(201)
    await log_in_is_guarded(run)
    await page(run, "/admin", "admin", await run.cookie(Role.MANAGER))
    (await run.talk.ask("GET /admin", cookie=await run.cookie(Role.STAFF))).must(403)
    await closed_to_strangers(run, "/admin")
    figures = (await run.talk.ask("GET /api/dashboard/admin", bearer=bearer)).must(200)
    (await run.talk.ask("GET /api/dashboard/admin", bearer=await run.token(Role.STAFF))).must(403)
    with run.ground.owner.connect() as connection:
        counted = connection.execute(_COUNTED, {"hotel": run.ground.hotel_id}).one()
    for name, wanted in zip(_FIGURES, counted, strict=True):
        told = figures.value(f"tickets.{name}")
        if told != wanted:
            raise Broken(f"{figures.request}: tickets.{name} is {told}, the database counts {wanted}")
