"""What the assistant looks up on a question of staff, as the audit trail has it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from hotelctl.app.domain.permissions import Role
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.lookups import LOOK_UP, look_up
from hotelctl.app.services.assistant.reading import read
from hotelctl.app.services.service import Service
from hotelctl.app.store.tables import AuditEvent
from tests.app.assistant_accuracy import NOTHING
from tests.app.guest_questions import a_caller


async def looked_up(service: Service, hotel_id: UUID, question: str, usual: str) -> dict[str, Any]:
    """What a supervisor's question led to: what was asked for, and the language of the answer; or nothing."""
    asker = Asker.of(a_caller(hotel_id, Role.SUPERVISOR))
    reading = read(question, usual)
    async with service.db.transaction(hotel_id) as session:
        if await look_up(session, reading, asker) is None:
            return dict(NOTHING)
        mine = AuditEvent.actor_id == asker.user_id, AuditEvent.action == LOOK_UP
        (event,) = (await session.scalars(select(AuditEvent).where(*mine))).all()
    told = event.after or {}
    asked: dict[str, Any] = {name: told[name] for name in ("asked", "number", "room_label") if name in told}
    return {**asked, "lang": reading.language}
