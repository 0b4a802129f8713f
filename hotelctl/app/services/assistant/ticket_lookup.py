"""Staff asks for a ticket by its number; guests are never answered from tickets."""

import re

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.guard import Flag
from hotelctl.app.domain.assistant.wording import fold
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.decision import Decision
from hotelctl.app.services.assistant.reading import Reading
from hotelctl.app.store.tables import Ticket

_NAMED = re.compile(r"\bticket\s*(?:no\.?|nr\.?|number|nummer|#)?\s*(\d{1,9})\b|(?:^|\s)#(\d{1,9})\b")
_PERMISSION = "tickets.read"
_LARGEST = 2**31 - 1


async def ticket_named(session: AsyncSession, reading: Reading, asker: Asker) -> Decision | None:
    """The state of the ticket that the message names, for staff who may read tickets; no emergency is one."""
    if Flag.EMERGENCY in reading.flags:
        return None
    found = _NAMED.search(fold(reading.text))
    if found is None or asker.is_guest or _PERMISSION not in asker.permissions:
        return None
    number = int(found[1] or found[2])
    ticket = None
    if number <= _LARGEST:
        ticket = (await session.scalars(select(Ticket).where(Ticket.number == number))).one_or_none()
    if ticket is None:
        return Decision(f"There is no ticket {number}.")
    room = f", room {ticket.room_label}" if ticket.room_label else ""
    state = ticket.status.lower().replace("_", " ")
    return Decision(f"Ticket {number}: {ticket.title}{room}. {state}, priority {ticket.priority.lower()}.")
