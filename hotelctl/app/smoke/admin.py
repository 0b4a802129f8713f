"""P4: the manager's page opens for managers only, and its figures are those of the database."""

from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.counted import compare, counted, figures_of
from hotelctl.app.smoke.pages import closed_to_strangers, log_in_is_guarded, page
from hotelctl.app.smoke.run import Run

_TICKET = {"title": "A probe's ticket", "priority": "URGENT"}
_PROGRAMS_PART = "tickets."


async def admin(run: Run) -> None:
    """Asked with a ticket to count; refused to staff."""
    bearer = await run.token(Role.MANAGER)
    (await run.talk.ask("POST /api/tickets", bearer=bearer, json_body=_TICKET)).must(201)
    await log_in_is_guarded(run)
    await _figures_are_counted(run)
    (await run.talk.ask("GET /admin", cookie=await run.cookie(Role.STAFF))).must(403)
    await closed_to_strangers(run, "/admin")
    (await run.talk.ask("GET /api/dashboard/admin", bearer=await run.token(Role.STAFF))).must(403)


async def _figures_are_counted(run: Run) -> None:
    """On the page and for programs; counted before and after, as a day may end between."""
    cookie, bearer = await run.cookie(Role.MANAGER), await run.token(Role.MANAGER)
    before = counted(run.ground.owner, run.ground.hotel_id)
    shown = await page(run, "/admin", "admin", cookie)
    told = (await run.talk.ask("GET /api/dashboard/admin", bearer=bearer)).must(200)
    after = counted(run.ground.owner, run.ground.hotel_id)
    compare(shown, figures_of(shown), before, after)
    tickets = [
        {name: n for name, n in one.items() if name.startswith(_PROGRAMS_PART)} for one in (before, after)
    ]
    compare(told, {name: str(told.value(name)) for name in tickets[-1]}, *tickets)
