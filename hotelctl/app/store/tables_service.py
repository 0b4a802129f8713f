"""What the service keeps for itself: counts of attempts, repeats of requests, the schema's history."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hotelctl.app.store.base import NOW, Base, hotel_reference


class RateLimit(Base):
    """A fixed window of attempts; unlogged, so a crash of the server forgets it."""

    __tablename__ = "rate_limits"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 - SQLAlchemy's own form

    bucket: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime]
    hits: Mapped[int]


class IdempotencyKey(Base):
    """The answer to a request that may come again; the key holds who asked."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("idempotency_keys_expires", "expires_at"),)

    hotel_id: Mapped[UUID] = mapped_column(hotel_reference(), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    route: Mapped[str]
    request_sha256: Mapped[bytes]
    status: Mapped[int | None] = mapped_column(SmallInteger)
    response: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class SchemaCompat(Base):
    """One row for each applied revision."""

    __tablename__ = "schema_compat"

    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    alembic_revision: Mapped[str]
    min_code_serial: Mapped[int]
    app_version: Mapped[str]
    applied_at: Mapped[datetime] = mapped_column(server_default=NOW)
