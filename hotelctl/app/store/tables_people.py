"""Hotels and their staff."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotelctl.app.store.base import (
    EMPTY_OBJECT,
    LIVE,
    NOW,
    Base,
    JsonObject,
    Ref,
    SoftDeleted,
    TenantRow,
    Touched,
)

_ENTRY_CODE = "substr(replace((gen_random_uuid())::text, '-'::text, ''::text), 1, 12)"


class Hotel(Touched, SoftDeleted, Base):
    """A tenant."""

    __tablename__ = "hotels"
    __table_args__ = (
        UniqueConstraint("entry_code", name="hotels_entry_code_key"),
        Index("hotels_slug_live", "slug", unique=True, postgresql_where=LIVE),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str]
    timezone: Mapped[str] = mapped_column(server_default=text("'UTC'"))
    locale: Mapped[str] = mapped_column(server_default=text("'en'"))
    email: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[str | None]
    emergency_phone: Mapped[str | None]
    brand: Mapped[JsonObject] = mapped_column(server_default=EMPTY_OBJECT)
    settings: Mapped[JsonObject] = mapped_column(server_default=EMPTY_OBJECT)
    plan: Mapped[str] = mapped_column(server_default=text("'standard'"))
    ai_monthly_limit: Mapped[int] = mapped_column(server_default=text("2000"))
    entry_code: Mapped[str] = mapped_column(server_default=text(_ENTRY_CODE))
    is_synthetic: Mapped[bool] = mapped_column(server_default=text("false"))
    suspended_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class User(Touched, SoftDeleted, TenantRow):
    """A member of a hotel's staff; guests are no users. Without a password hash: invited only."""

    __tablename__ = "users"
    more = (
        Index("users_email_live", "email", unique=True, postgresql_where=LIVE),
        Index("users_hotel_role_live", "hotel_id", "role", postgresql_where=LIVE),
    )

    email: Mapped[str]
    display_name: Mapped[str]
    role: Mapped[str]
    department: Mapped[str] = mapped_column(server_default=text("'general'"))
    locale: Mapped[str | None]
    password_hash: Mapped[str | None]
    must_change_password: Mapped[bool] = mapped_column(server_default=text("false"))
    mfa_secret_enc: Mapped[bytes | None]
    auth_version: Mapped[int] = mapped_column(server_default=text("1"))
    suspended_at: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]


class Account(Touched, TenantRow):
    """A user's identity at another provider; what it gave is encrypted."""

    __tablename__ = "accounts"
    refs = (Ref("user_id", "users", cascade=True),)
    more = (UniqueConstraint("provider", "subject", name="accounts_provider_subject_key"),)

    user_id: Mapped[UUID]
    provider: Mapped[str]
    subject: Mapped[str]
    email: Mapped[str | None]
    scopes: Mapped[list[str]] = mapped_column(server_default=EMPTY_OBJECT)
    refresh_enc: Mapped[bytes | None]
    expires_at: Mapped[datetime | None]
