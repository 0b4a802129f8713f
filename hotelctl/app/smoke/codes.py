"""What probes do with codes: made by the manager, shown by a guest."""

from uuid import UUID

from hotelctl.app.domain.permissions import Role
from hotelctl.app.smoke.run import Run
from hotelctl.app.smoke.talk import Answer

ROOM = "204"
_WISH = {"purpose": "guest_access", "room_label": ROOM, "max_uses": 1}


async def made(run: Run, role: Role = Role.MANAGER, *, ttl_minutes: int = 5) -> Answer:
    """The answer to the wish for a guest's code that is good once."""
    wish = {**_WISH, "ttl_minutes": ttl_minutes}
    return await run.talk.ask("POST /api/qr/generate", bearer=await run.token(role), json_body=wish)


def token_of(answer: Answer) -> str:
    """The token of a new code, as it stands in its address. Raises Broken."""
    return str(answer.must(201).value("url")).rpartition("/q/")[2]


def id_of(answer: Answer) -> UUID:
    """The id of a new code. Raises Broken."""
    return UUID(answer.must(201).value("id"))


async def shown(run: Run, token: str, how: str = "validate") -> Answer:
    """The answer to whoever shows the code; a refusal does not count against this machine."""
    answer = await run.talk.ask(f"POST /api/qr/{how}", json_body={"token": token})
    if answer.status != 200:  # noqa: PLR2004 - OK
        run.ground.forgive("qr.validate")
    return answer
