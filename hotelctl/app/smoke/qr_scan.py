"""P3: a guest scans a code, is let in once, gets a cited answer, and towels are asked for."""

from uuid import UUID

from sqlalchemy import TextClause, text

from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.breakfast import PLACE, QUESTION, written
from hotelctl.app.smoke.codes import ROOM, id_of, made, shown, token_of
from hotelctl.app.smoke.guest import opened, reply_of, said, towels
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Broken

_WORKFLOW = text("SELECT status FROM workflow_executions WHERE id = :id AND hotel_id = :hotel")
_ORDER = text(
    "SELECT room_label FROM work_orders WHERE id = :id AND hotel_id = :hotel AND deleted_at IS NULL"
)


async def qr_scan(run: Run) -> None:
    """Looking takes nothing, using takes once; replaced and withdrawn codes let nobody in."""
    guest = await _let_in_once(run)
    await _replaced(run)
    await _withdrawn(run)
    await _talk(run, guest)


async def _let_in_once(run: Run) -> str:
    code = await made(run)
    token, bearer = token_of(code), await run.token(Role.MANAGER)
    for _ in range(2):
        (await run.talk.ask(f"GET /q/{token}")).must(200)
    untouched = await run.talk.ask(f"GET /api/qr/tokens/{id_of(code)}", bearer=bearer)
    untouched.must(200, use_count=0, state="active")
    scan = (await shown(run, token, "scan")).must(200, room_label=ROOM, workflow__status="success")
    _require_row(run, _WORKFLOW, scan.value("workflow.id"), "success", f"{scan.request}: the workflow's row")
    guest = str(scan.value("access_token"))
    (await run.talk.ask("GET /api/protected", bearer=guest)).must(
        200, kind="guest", hotel_id=str(run.ground.hotel_id)
    )
    (await shown(run, token)).must(401, code="unauthenticated")
    return guest


async def _replaced(run: Run) -> None:
    old, bearer = await made(run), await run.token(Role.MANAGER)
    new = await run.talk.ask(f"POST /api/qr/tokens/{id_of(old)}/regenerate", bearer=bearer)
    fresh = token_of(new)
    (await shown(run, token_of(old))).must(401, code="unauthenticated")
    (await shown(run, fresh)).must(200)


async def _withdrawn(run: Run) -> None:
    code, bearer = await made(run), await run.token(Role.MANAGER)
    (await run.talk.ask(f"DELETE /api/qr/tokens/{id_of(code)}", bearer=bearer)).must(204)
    (await shown(run, token_of(code))).must(401, code="unauthenticated")


async def _talk(run: Run, guest: str) -> None:
    entry = await written(run)
    place = await opened(run, guest)
    answered = await said(run, guest, place, QUESTION)
    reply = reply_of(answered)
    if [cited.get("entry_id") for cited in reply["citations"]] != [entry]:
        raise Broken(f"{answered.request}: the answer does not cite the hotel's entry")
    if PLACE not in reply["content"]:
        raise Broken(f"{answered.request}: the answer does not say what the entry says")
    decided = await towels(run, guest, place)
    _require_row(run, _ORDER, decided.value("id"), ROOM, f"{decided.request}: the room of the work order")


def _require_row(run: Run, statement: TextClause, row_id: str, wanted: str, what: str) -> None:
    with run.ground.owner.connect() as connection:
        found = connection.scalar(statement, {"id": UUID(row_id), "hotel": run.ground.hotel_id})
    if found != wanted:
        raise Broken(f"{what} is {found!r} in the database, must be {wanted!r}")
