"""What probes do as a guest: come in with a code, talk, and have towels brought."""

from typing import Any
from uuid import UUID

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.codes import made, shown, token_of
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Answer, Broken

_WISH = "2 towels please"


async def opened(run: Run, guest: str) -> str:
    """The address of the guest's new conversation. Raises Broken."""
    answer = await run.talk.ask("POST /api/conversations", bearer=guest, json_body={})
    return f"/api/conversations/{answer.must(201).value('id')}"


async def said(run: Run, guest: str, place: str, words: str) -> Answer:
    """The answer to what the guest says in the conversation. Raises Broken."""
    body = {"content": words, "client_msg_id": str(uuid7())}
    return (await run.talk.ask(f"POST {place}/messages", bearer=guest, json_body=body)).must(201)


def reply_of(answer: Answer) -> dict[str, Any]:
    """What the assistant replied. Raises Broken."""
    answer.must(201, reply__role="assistant", reply__provider="local")
    reply: dict[str, Any] = answer.value("reply")
    if not {"citations", "content", "action"} <= reply.keys():
        raise Broken(f"{answer.request}: the reply lacks citations, content or action")
    return reply


async def towels(run: Run, guest: str, place: str) -> Answer:
    """The answer to the wish for towels, which is confirmed and a work order from then on. Raises Broken."""
    asked = await said(run, guest, place, _WISH)
    proposed = reply_of(asked)["action"] or {}
    if (proposed.get("kind"), proposed.get("status")) != ("work_order", "needs_confirmation"):
        raise Broken(f"{asked.request}: towels are not proposed as a work order")
    decided = await run.talk.ask(
        f"POST {place}/actions/{proposed['id']}", bearer=guest, json_body={"decision": "confirm"}
    )
    # Another guest of the same room may have asked for them a moment ago: that is one order.
    if decided.must(200, kind="work_order").value("status") not in {"done", "attached"}:
        raise Broken(f"{decided.request}: the work order is neither made nor the open one")
    run.order = UUID(decided.value("id"))
    return decided


async def wished(run: Run) -> UUID:
    """The work order of this run's guest, asked for now where no probe has done it yet. Raises Broken."""
    if run.order is None:
        inside = (await shown(run, token_of(await made(run)))).must(200)
        guest = str(inside.value("access_token"))
        decided = await towels(run, guest, await opened(run, guest))
        return UUID(decided.value("id"))
    return run.order


async def looks(run: Run) -> str:
    """The cookie of a guest who came in with a code on its page, once a run. Raises Broken."""
    if Role.GUEST not in run.cookies:
        entered = await run.talk.ask(f"POST /q/{token_of(await made(run))}", form={})
        run.cookies[Role.GUEST] = entered.must(303).cookie()
    return run.cookies[Role.GUEST]
