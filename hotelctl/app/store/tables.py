"""The tables as the code sees them; revisions make them, a test compares the two."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import INET, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_NOW = text("now()")


def _hotel() -> ForeignKey:
    return ForeignKey("hotels.id", ondelete="CASCADE")


class Base(DeclarativeBase):
    """All tables of the service; text and aware time are what str and datetime mean."""

    type_annotation_map = {str: Text(), datetime: TIMESTAMP(timezone=True)}  # noqa: RUF012 - SQLAlchemy's own form


class Hotel(Base):
    """A tenant."""

    __tablename__ = "hotels"
    __table_args__ = (
        Index("hotels_slug_live", "slug", unique=True, postgresql_where=text("deleted_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str]
    timezone: Mapped[str] = mapped_column(server_default=text("'UTC'"))
    locale: Mapped[str] = mapped_column(server_default=text("'en'"))
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    suspended_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class User(Base):
    """A member of a hotel's staff; guests are no users."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("hotel_id", "id", name="users_hotel_id_id_key"),
        Index("users_email_live", "email", unique=True, postgresql_where=text("deleted_at IS NULL")),
        Index("users_hotel_role_live", "hotel_id", "role", postgresql_where=text("deleted_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hotel_id: Mapped[UUID] = mapped_column(_hotel())
    email: Mapped[str]
    display_name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(server_default=text("false"))
    auth_version: Mapped[int] = mapped_column(server_default=text("1"))
    suspended_at: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class LoginSession(Base):
    """One refresh token of a family; the token itself is never stored."""

    __tablename__ = "sessions"
    __table_args__ = (
        UniqueConstraint("hotel_id", "id", name="sessions_hotel_id_id_key"),
        UniqueConstraint("token_hash", name="sessions_token_hash_key"),
        ForeignKeyConstraint(
            ["hotel_id", "user_id"],
            ["users.hotel_id", "users.id"],
            name="sessions_user_fkey",
            ondelete="CASCADE",
        ),
        Index("sessions_family", "family_id"),
        Index("sessions_user_live", "hotel_id", "user_id", postgresql_where=text("revoked_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    hotel_id: Mapped[UUID] = mapped_column(_hotel())
    user_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    family_id: Mapped[UUID]
    rotated_from: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    absolute_expires_at: Mapped[datetime]
    ip: Mapped[str | None] = mapped_column(INET)
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=_NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=_NOW)


class RateLimit(Base):
    """A fixed window of attempts; unlogged, so a crash of the server forgets it."""

    __tablename__ = "rate_limits"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 - SQLAlchemy's own form

    bucket: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    window_start: Mapped[datetime]
    hits: Mapped[int]


class SchemaCompat(Base):
    """One row for each applied revision."""

    __tablename__ = "schema_compat"

    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    alembic_revision: Mapped[str]
    min_code_serial: Mapped[int]
    app_version: Mapped[str]
    applied_at: Mapped[datetime] = mapped_column(server_default=_NOW)
