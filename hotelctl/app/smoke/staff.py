"""P5: a member of staff sees what a guest asked for, takes it by one tap, and the change is written down."""

from uuid import UUID

from sqlalchemy import text

from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.counted import Figures, compare, counted_for, figures_of
from hotelctl.app.smoke.forms import form_of
from hotelctl.app.smoke.guest import wished
from hotelctl.app.smoke.pages import closed_to_strangers, page
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Answer, Broken

_TAPPED = "in_progress"
# What the page says of the work in any case; what is late is told only where something is.
_ALWAYS = ("work_orders.mine", "work_orders.unassigned", "work_orders.done_today")
_LATE = "work_orders.overdue"
_HISTORY = text(
    "SELECT count(*) FILTER (WHERE changed ? 'status') AS moves,"
    " count(*) FILTER (WHERE changed #>> '{status,new}' = :status AND source = 'manual'"
    " AND actor_id = :who) AS taps FROM pms_work_order_history"
    " WHERE work_order_id = :id AND hotel_id = :hotel"
)


async def staff(run: Run) -> None:
    """From the list of what is nobody's yet to one that is somebody's."""
    order, cookie = await wished(run), await run.cookie(Role.STAFF)
    place = f"/staff/work-orders/{order}"
    form = form_of(await _is_told(run, order, cookie), place)
    await closed_to_strangers(run, "/staff")
    sent = form.tapped(_TAPPED)
    forged = {name: value for name, value in sent.items() if name != "csrf"}
    (await run.talk.ask(f"POST {place}", cookie=cookie, form=forged)).must(403)
    moved = (await run.talk.ask(f"POST {place}", cookie=cookie, form=sent)).must(303)
    _require_history(run, order, moved.request)
    after = await run.talk.ask(f"GET {moved.headers.get('location', '')}", cookie=cookie)
    form_of(after.must(200), place).tapped("done")


async def _is_told(run: Run, order: UUID, cookie: str) -> Answer:
    """The page. Its figures and those for programs are counted before and after, as a day may end between."""
    before = _counted(run)
    shown = await page(run, "/staff", "staff", cookie)
    seen = await run.talk.ask("GET /api/dashboard/staff", bearer=await run.token(Role.STAFF))
    after = _counted(run)
    listed = seen.must(200).value("unassigned_work_orders")
    if str(order) not in {one.get("id") for one in listed}:
        raise Broken(f"{seen.request}: a work order that is nobody's yet is not shown")
    compare(seen, {name: str(seen.value(name)) for name in after}, before, after)
    compare(shown, figures_of(shown), _on_page(before), _on_page(after))
    return shown


def _counted(run: Run) -> Figures:
    return counted_for(run.ground.owner, run.ground.hotel_id, run.person(Role.STAFF).user_id)


def _on_page(figures: Figures) -> Figures:
    late = (_LATE,) if int(figures[_LATE]) else ()
    return {name: figures[name] for name in (*_ALWAYS, *late)}


def _require_history(run: Run, order: UUID, tap: str) -> None:
    """One change of status, by this very person with this very tap: what was refused left none."""
    asked = {"id": order, "hotel": run.ground.hotel_id, "status": _TAPPED}
    with run.ground.owner.connect() as connection:
        who = run.person(Role.STAFF).user_id
        moves, taps = connection.execute(_HISTORY, asked | {"who": who}).one()
    if (moves, taps) != (1, 1):
        raise Broken(
            f"{tap}: {moves} changes of status are written down, {taps} of them by the tap, must be 1"
        )
