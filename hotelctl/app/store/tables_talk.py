"""Conversations with guests and staff, and what the hotel knows."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Computed, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import REGCONFIG, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from hotelctl.app.store.base import (
    EMPTY_LIST,
    EMPTY_OBJECT,
    LIVE,
    ZERO,
    JsonList,
    JsonObject,
    Ref,
    SoftDeleted,
    TenantRow,
    Touched,
)

_WORDS = (
    "setweight(to_tsvector(lang, title || ' ' || keywords), 'A') || setweight(to_tsvector(lang, body), 'B')"
)


class Conversation(Touched, SoftDeleted, TenantRow):
    """One thread; a guest's is bound to the session that opened it."""

    __tablename__ = "conversations"
    refs = (Ref("session_id", "sessions"), Ref("user_id", "users"), Ref("assigned_to", "users"))
    more = (Index("conversations_inbox", "hotel_id", "status", "last_message_at", postgresql_where=LIVE),)

    session_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    guest_name: Mapped[str | None]
    room_label: Mapped[str | None]
    channel: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'bot'"))
    assigned_to: Mapped[UUID | None]
    subject: Mapped[str | None]
    last_seq: Mapped[int] = mapped_column(server_default=ZERO)
    last_message_at: Mapped[datetime | None]
    unread_staff: Mapped[int] = mapped_column(server_default=ZERO)
    handed_off_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    stay_ends_at: Mapped[datetime | None]
    rating: Mapped[int | None] = mapped_column(SmallInteger)


class Message(TenantRow):
    """What was said; only the state of its action may change later."""

    __tablename__ = "messages"
    refs = (
        Ref("conversation_id", "conversations", cascade=True, indexed=False),
        Ref("author_user_id", "users"),
    )
    more = (
        UniqueConstraint("conversation_id", "seq", name="messages_conversation_seq_key"),
        UniqueConstraint("conversation_id", "client_msg_id", name="messages_conversation_client_key"),
    )

    conversation_id: Mapped[UUID]
    seq: Mapped[int]
    role: Mapped[str]
    author_user_id: Mapped[UUID | None]
    content: Mapped[str]
    content_redacted: Mapped[bool] = mapped_column(server_default=text("false"))
    model: Mapped[str | None]
    tokens_in: Mapped[int | None]
    tokens_out: Mapped[int | None]
    latency_ms: Mapped[int | None]
    citations: Mapped[JsonList] = mapped_column(server_default=EMPTY_LIST)
    action: Mapped[JsonObject | None]
    client_msg_id: Mapped[UUID | None]


class KnowledgeEntry(Touched, SoftDeleted, TenantRow):
    """One thing the hotel tells guests or staff; tsv holds its words, title and keywords above the body."""

    __tablename__ = "knowledge_entries"
    more = (
        Index("knowledge_entries_live", "hotel_id", postgresql_where=LIVE),
        Index("knowledge_entries_words", "tsv", postgresql_using="gin", postgresql_where=LIVE),
    )

    title: Mapped[str]
    body: Mapped[str]
    keywords: Mapped[str] = mapped_column(server_default=text("''"))
    audience: Mapped[str] = mapped_column(server_default=text("'guest'"))
    lang: Mapped[str] = mapped_column(REGCONFIG, server_default=text("'simple'::regconfig"))
    tags: Mapped[list[str]] = mapped_column(server_default=EMPTY_OBJECT)
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    source: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    tsv: Mapped[str | None] = mapped_column(TSVECTOR, Computed(_WORDS, persisted=True), deferred=True)
