"""What goes out and comes in by others' systems: mail, events of Stripe."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from hotelctl.app.store.base import NOW, ZERO, Base, Ref, TenantRow, Touched


class OutboxMail(Touched, TenantRow):
    """One mail; its text is there exactly as long as it waits."""

    __tablename__ = "outbox"
    refs = (Ref("conversation_id", "conversations", cascade=True),)
    more = (Index("outbox_next", "next_attempt_at", postgresql_where=text("status = 'pending'")),)

    kind: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str | None]
    body: Mapped[str | None]
    status: Mapped[str]
    attempts: Mapped[int] = mapped_column(server_default=ZERO)
    next_attempt_at: Mapped[datetime] = mapped_column(server_default=NOW)
    last_error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    conversation_id: Mapped[UUID | None]


class StripeEvent(Base):
    """An event that Stripe sent; its id keeps it from being taken twice."""

    __tablename__ = "stripe_events"
    __table_args__ = (Index("stripe_events_received", "received_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    livemode: Mapped[bool]
    received_at: Mapped[datetime] = mapped_column(server_default=NOW)
