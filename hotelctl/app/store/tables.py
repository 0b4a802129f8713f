"""The tables as the code sees them, by concept; revisions make them, a test compares the two."""

from hotelctl.app.store.base import Base
from hotelctl.app.store.tables_access import LoginSession, QrToken, VerificationToken
from hotelctl.app.store.tables_people import Account, Hotel, User
from hotelctl.app.store.tables_post import OutboxMail, StripeEvent
from hotelctl.app.store.tables_records import (
    AiInteractionLog,
    AnalyticsSummary,
    AuditEvent,
    UserSessionLog,
    WorkflowExecution,
)
from hotelctl.app.store.tables_service import IdempotencyKey, RateLimit, SchemaCompat
from hotelctl.app.store.tables_talk import Conversation, KnowledgeEntry, Message
from hotelctl.app.store.tables_work import (
    RoomNote,
    Ticket,
    TicketComment,
    TicketNumber,
    WorkOrder,
    WorkOrderHistory,
)

__all__ = [
    "Account",
    "AiInteractionLog",
    "AnalyticsSummary",
    "AuditEvent",
    "Base",
    "Conversation",
    "Hotel",
    "IdempotencyKey",
    "KnowledgeEntry",
    "LoginSession",
    "Message",
    "OutboxMail",
    "QrToken",
    "RateLimit",
    "RoomNote",
    "SchemaCompat",
    "StripeEvent",
    "Ticket",
    "TicketComment",
    "TicketNumber",
    "User",
    "UserSessionLog",
    "VerificationToken",
    "WorkOrder",
    "WorkOrderHistory",
    "WorkflowExecution",
]
