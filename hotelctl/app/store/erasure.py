"""The owner's statements that remove what is known of a guest."""

from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    delete,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.store.tables import (
    AiInteractionLog,
    AuditEvent,
    Conversation,
    IdempotencyKey,
    LoginSession,
    QrToken,
    Ticket,
    UserSessionLog,
    WorkOrder,
)

_GUESTS = ("guest_access", "room_service", "maintenance")
Ids = Select[UUID]


def _ids(connection: Connection, chosen: Ids) -> list[UUID]:
    return list(connection.scalars(chosen))


def erase(
    connection: Connection, hotel_id: UUID, *, room: str | None, code_id: UUID | None
) -> dict[str, int]:
    """How much there was of the guests of a room, or of one code: conversations, requests, sessions, codes.

    Of calls of models the figures stay, of tickets that staff opened for the room all but name and address.
    The audit trail keeps ids and says that this was done.
    """
    codes = _ids(connection, select(QrToken.id).where(_of(QrToken, hotel_id, room, code_id)))
    guests = select(LoginSession.id).where(
        LoginSession.hotel_id == hotel_id,
        LoginSession.subject_kind == "guest",
        or_(LoginSession.qr_token_id.in_(codes), _in_room(LoginSession.room_label, room)),
    )
    sessions = _ids(connection, guests)
    talks = select(Conversation.id).where(
        Conversation.hotel_id == hotel_id,
        or_(
            Conversation.session_id.in_(sessions),
            (Conversation.channel == "guest_web") & _in_room(Conversation.room_label, room),
        ),
    )
    counts = _erase_of(connection, hotel_id, sessions, _ids(connection, talks))
    counts["tickets_without_guest"] = _forget_names(connection, hotel_id, room)
    logs = or_(UserSessionLog.session_id.in_(sessions), UserSessionLog.qr_token_id.in_(codes))
    counts["session_logs"] = _gone(connection, UserSessionLog, hotel_id, logs)
    counts["sessions"] = _gone(connection, LoginSession, hotel_id, LoginSession.id.in_(sessions))
    counts["codes"] = _gone(connection, QrToken, hotel_id, QrToken.id.in_(codes))
    _note(connection, hotel_id, counts)
    return counts


def _of(table: type[QrToken], hotel_id: UUID, room: str | None, code_id: UUID | None) -> ColumnElement[bool]:
    chosen = table.id == code_id if code_id is not None else table.room_label == room
    return (table.hotel_id == hotel_id) & table.purpose.in_(_GUESTS) & chosen


def _in_room(label: InstrumentedAttribute[str | None], room: str | None) -> ColumnElement[bool]:
    """True of the room's rows, of none without a room: compared with NULL it would be everybody without."""
    return false() if room is None else label == room


def _erase_of(
    connection: Connection, hotel_id: UUID, sessions: list[UUID], talks: list[UUID]
) -> dict[str, int]:
    calls = or_(AiInteractionLog.session_id.in_(sessions), AiInteractionLog.conversation_id.in_(talks))
    emptied = (
        update(AiInteractionLog)
        .where(AiInteractionLog.hotel_id == hotel_id, calls, AiInteractionLog.payload.is_not(None))
        .values(payload=None)
    )
    asked = {
        table: or_(table.session_id.in_(sessions), table.conversation_id.in_(talks))
        for table in (WorkOrder, Ticket)
    }
    kept = func.split_part(IdempotencyKey.key, ":", 1).in_([str(one) for one in sessions])
    return {
        "ai_payloads": connection.execute(emptied).rowcount,
        "work_orders": _gone(connection, WorkOrder, hotel_id, asked[WorkOrder]),
        "tickets": _gone(connection, Ticket, hotel_id, asked[Ticket]),
        "conversations": _gone(connection, Conversation, hotel_id, Conversation.id.in_(talks)),
        "kept_answers": _gone(connection, IdempotencyKey, hotel_id, kept),
    }


def _forget_names(connection: Connection, hotel_id: UUID, room: str | None) -> int:
    named = or_(Ticket.guest_name.is_not(None), Ticket.guest_email.is_not(None))
    statement = (
        update(Ticket)
        .where(Ticket.hotel_id == hotel_id, _in_room(Ticket.room_label, room), named)
        .values(guest_name=None, guest_email=None)
    )
    return connection.execute(statement).rowcount


def _gone(
    connection: Connection,
    table: type[Conversation | IdempotencyKey | LoginSession | QrToken | Ticket | UserSessionLog | WorkOrder],
    hotel_id: UUID,
    chosen: ColumnElement[bool],
) -> int:
    return connection.execute(delete(table).where(table.hotel_id == hotel_id, chosen)).rowcount


def _note(connection: Connection, hotel_id: UUID, counts: dict[str, int]) -> None:
    event = {"action": "guest.erase", "object_kind": "guest", "actor_kind": "system", "after": counts}
    connection.execute(insert(AuditEvent).values(id=uuid7(), hotel_id=hotel_id, **event))
