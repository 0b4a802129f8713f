"""P3: a guest scans a code, is let in once, gets a cited answer, and towels are asked for."""

from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.codes import ROOM, id_of, made, shown, token_of
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Answer, Broken

_ENTRY = {
    "title": "Breakfast",
    "body": "Breakfast is served from 7:00 to 10:30 in the garden room.",
    "keywords": "when is breakfast, breakfast time",
    "lang": "english",
}
_QUESTION, _WISH = "When is breakfast served?", "2 towels please"
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
    bearer = await run.token(Role.MANAGER)
    entry = (await run.talk.ask("POST /api/knowledge", bearer=bearer, json_body=_ENTRY)).must(201).value("id")
    opened = (await run.talk.ask("POST /api/conversations", bearer=guest, json_body={})).must(201)
    place = f"/api/conversations/{opened.value('id')}"
    answered = await _say(run, guest, place, _QUESTION)
    reply = _reply(answered)
    if [cited.get("entry_id") for cited in reply["citations"]] != [entry]:
        raise Broken(f"{answered.request}: the answer does not cite the hotel's entry")
    if "garden room" not in reply["content"]:
        raise Broken(f"{answered.request}: the answer does not say what the entry says")
    asked = await _say(run, guest, place, _WISH)
    proposed = _reply(asked)["action"] or {}
    if (proposed.get("kind"), proposed.get("status")) != ("work_order", "needs_confirmation"):
        raise Broken(f"{asked.request}: towels are not proposed as a work order")
    decided = await run.talk.ask(
        f"POST {place}/actions/{proposed['id']}", bearer=guest, json_body={"decision": "confirm"}
    )
    decided.must(200, kind="work_order", status="done")
    _require_row(run, _ORDER, decided.value("id"), ROOM, f"{decided.request}: the room of the work order")


async def _say(run: Run, guest: str, place: str, words: str) -> Answer:
    body = {"content": words, "client_msg_id": str(uuid7())}
    return (await run.talk.ask(f"POST {place}/messages", bearer=guest, json_body=body)).must(201)


def _reply(answer: Answer) -> dict[str, Any]:
    answer.must(201, reply__role="assistant", reply__provider="local")
    reply: dict[str, Any] = answer.value("reply")
    if not {"citations", "content", "action"} <= reply.keys():
        raise Broken(f"{answer.request}: the reply lacks citations, content or action")
    return reply


def _require_row(run: Run, statement: TextClause, row_id: str, wanted: str, what: str) -> None:
    with run.ground.owner.connect() as connection:
        found = connection.scalar(statement, {"id": UUID(row_id), "hotel": run.ground.hotel_id})
    if found != wanted:
        raise Broken(f"{what} is {found!r} in the database, must be {wanted!r}")
