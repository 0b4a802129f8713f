"""The owner's statements that remove what is known of a guest."""

from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    cast,
    delete,
    false,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute

from hotelctl.app.store import audit
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.tables import (
    AiInteractionLog,
    Conversation,
    IdempotencyKey,
    LoginSession,
    QrToken,
    RoomNote,
    Ticket,
    TicketComment,
    UserSessionLog,
    WorkOrder,
)

_GUESTS = ("guest_access", "room_service", "maintenance")
_ERASED = "(erased)"
# The history refuses to be changed, also by its owner: its rows are taken out and put back without the words.
_HISTORY_WITHOUT_WORDS = text(
    """
    WITH taken AS (
      DELETE FROM pms_work_order_history WHERE hotel_id = :hotel AND work_order_id = ANY(:orders) RETURNING *)
    INSERT INTO pms_work_order_history
    SELECT (jsonb_populate_record(NULL::pms_work_order_history, to_jsonb(taken) || jsonb_build_object(
              'previous', previous - words, 'new', new - words, 'changed', changed - words))).*
      FROM taken, (SELECT ARRAY['title', 'details'] AS words) w
    """
)
Ids = Select[UUID]


def _ids(connection: Connection, chosen: Ids) -> list[UUID]:
    return list(connection.scalars(chosen))


# Every table whose rows say in which room.
_ROOMED = (Conversation, LoginSession, QrToken, RoomNote, Ticket, WorkOrder)


def has_code(connection: Connection, hotel_id: UUID, code_id: UUID) -> bool:
    """Whether a guest of the hotel has or had this code."""
    found = select(QrToken.id).where(_of(QrToken, hotel_id, None, code_id))
    return connection.scalar(found) is not None


def has_room(connection: Connection, hotel_id: UUID, room: str) -> bool:
    """Whether anything of the hotel bears the label of this room."""
    named = (
        select(table.id).where(table.hotel_id == hotel_id, table.room_label == room).exists()
        for table in _ROOMED
    )
    return bool(connection.scalar(select(or_(*named))))


def erase(
    connection: Connection, hotel_id: UUID, *, room: str | None, code_id: UUID | None
) -> dict[str, int]:
    """How much there was of the guests of a room, or of one code: conversations, requests, sessions, codes.

    Of calls of models the figures stay. Of what staff opened for the room everything stays but the words, in
    which anybody may be named; its notes on the room are nothing but words. The audit trail keeps ids and
    says that this was done.
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
    said = _comments_in(connection, hotel_id, room)
    tickets = _empty_tickets(connection, hotel_id, room)
    orders = _empty_work_orders(connection, hotel_id, room)
    counts["tickets_without_words"], counts["work_orders_without_words"] = len(tickets), len(orders)
    # What staff were answered holds the words, too, and is answered again to whoever repeats the request.
    counts["kept_answers"] += _gone(
        connection, IdempotencyKey, hotel_id, _tell_of([*tickets, *orders, *said], room)
    )
    counts["room_notes"] = _gone(connection, RoomNote, hotel_id, _in_room(RoomNote.room_label, room))
    logs = or_(UserSessionLog.session_id.in_(sessions), UserSessionLog.qr_token_id.in_(codes))
    counts["session_logs"] = _gone(connection, UserSessionLog, hotel_id, logs)
    counts["sessions"] = _gone(connection, LoginSession, hotel_id, LoginSession.id.in_(sessions))
    counts["codes"] = _gone(connection, QrToken, hotel_id, QrToken.id.in_(codes))
    audit.note_as_owner(connection, hotel_id, "guest.erase", Thing("guest", None), Change(after=counts))
    return counts


def _of(table: type[QrToken], hotel_id: UUID, room: str | None, code_id: UUID | None) -> ColumnElement[bool]:
    chosen = table.id == code_id if code_id is not None else table.room_label == room
    return (table.hotel_id == hotel_id) & table.purpose.in_(_GUESTS) & chosen


def _in_room(
    label: InstrumentedAttribute[str] | InstrumentedAttribute[str | None], room: str | None
) -> ColumnElement[bool]:
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


def _tell_of(things: list[UUID], room: str | None) -> ColumnElement[bool]:
    """True of kept answers in which one of these is named, or the room as where something is."""
    named = (
        cast(IdempotencyKey.response, Text).regexp_match("|".join(map(str, things))) if things else false()
    )
    told = IdempotencyKey.response["room_label"].astext
    return or_(named, false() if room is None else told == room)


def _comments_in(connection: Connection, hotel_id: UUID, room: str | None) -> list[UUID]:
    said = select(TicketComment.id).join(Ticket, Ticket.id == TicketComment.ticket_id)
    return _ids(connection, said.where(Ticket.hotel_id == hotel_id, _in_room(Ticket.room_label, room)))


def _empty_tickets(connection: Connection, hotel_id: UUID, room: str | None) -> list[UUID]:
    said = select(TicketComment.ticket_id).where(TicketComment.hotel_id == hotel_id)
    named = Ticket.guest_name, Ticket.guest_email, Ticket.resolution
    worded = or_(Ticket.title != _ERASED, *(column.is_not(None) for column in named), Ticket.id.in_(said))
    statement = (
        update(Ticket)
        .where(Ticket.hotel_id == hotel_id, _in_room(Ticket.room_label, room), worded)
        .values(
            title=_ERASED,
            description="",
            **{column.key: None for column in named},
            version=Ticket.version + 1,
        )
    )
    emptied = list(connection.scalars(statement.returning(Ticket.id)))
    _gone(connection, TicketComment, hotel_id, TicketComment.ticket_id.in_(emptied))
    return emptied


def _empty_work_orders(connection: Connection, hotel_id: UUID, room: str | None) -> list[UUID]:
    statement = (
        update(WorkOrder)
        .where(
            WorkOrder.hotel_id == hotel_id,
            _in_room(WorkOrder.room_label, room),
            or_(WorkOrder.title != _ERASED, WorkOrder.details != ""),
        )
        .values(title=_ERASED, details="", version=WorkOrder.version + 1)
    )
    emptied = list(connection.scalars(statement.returning(WorkOrder.id)))
    connection.execute(_HISTORY_WITHOUT_WORDS, {"hotel": hotel_id, "orders": emptied})
    return emptied


def _gone(
    connection: Connection,
    table: type[
        Conversation
        | IdempotencyKey
        | LoginSession
        | QrToken
        | RoomNote
        | Ticket
        | TicketComment
        | UserSessionLog
        | WorkOrder
    ],
    hotel_id: UUID,
    chosen: ColumnElement[bool],
) -> int:
    return connection.execute(delete(table).where(table.hotel_id == hotel_id, chosen)).rowcount
