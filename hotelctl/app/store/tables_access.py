"""What lets people in: sessions, QR tokens, one-time links. Of each secret only its hash is kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from hotelctl.app.store.base import EMPTY_OBJECT, ZERO, JsonObject, Ref, TenantRow, Touched

_NOT_REVOKED = text("revoked_at IS NULL")


class LoginSession(Touched, TenantRow):
    """One way in: a refresh token of a family (kind api), a cookie (web), a guest's pass (guest)."""

    __tablename__ = "sessions"
    refs = (Ref("qr_token_id", "guest_staff_qr_tokens"),)
    more = (
        UniqueConstraint("token_hash", name="sessions_token_hash_key"),
        ForeignKeyConstraint(
            ["hotel_id", "user_id"],
            ["users.hotel_id", "users.id"],
            name="sessions_user_fkey",
            ondelete="CASCADE",
        ),
        Index("sessions_family", "family_id"),
        Index("sessions_user_live", "hotel_id", "user_id", postgresql_where=_NOT_REVOKED),
    )

    subject_kind: Mapped[str] = mapped_column(server_default=text("'user'"))
    kind: Mapped[str] = mapped_column(server_default=text("'api'"))
    user_id: Mapped[UUID | None]
    qr_token_id: Mapped[UUID | None]
    room_label: Mapped[str | None]
    token_hash: Mapped[bytes]
    family_id: Mapped[UUID]
    rotated_from: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    absolute_expires_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    ip: Mapped[str | None] = mapped_column(INET)
    ua: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str | None]


class QrToken(Touched, TenantRow):
    """A code on paper or screen; its state is derived from its times and counts."""

    __tablename__ = "guest_staff_qr_tokens"
    refs = (
        Ref("user_id", "users", cascade=True),
        Ref("revoked_by", "users"),
        Ref("created_by", "users"),
        Ref("replaced_by", "guest_staff_qr_tokens"),
    )
    more = (
        UniqueConstraint("token_hash", name="guest_staff_qr_tokens_token_hash_key"),
        Index("guest_staff_qr_tokens_newest", "hotel_id", "created_at", postgresql_where=_NOT_REVOKED),
        Index("guest_staff_qr_tokens_expires", "expires_at", postgresql_where=_NOT_REVOKED),
    )

    purpose: Mapped[str]
    token_hash: Mapped[bytes]
    prefix: Mapped[str]
    user_id: Mapped[UUID | None]
    room_label: Mapped[str | None]
    guest_name: Mapped[str | None]
    stay_ends_at: Mapped[datetime | None]
    max_uses: Mapped[int] = mapped_column(server_default=text("1"))
    use_count: Mapped[int] = mapped_column(server_default=ZERO)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[UUID | None]
    revoke_reason: Mapped[str | None]
    replaced_by: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    meta: Mapped[JsonObject] = mapped_column(server_default=EMPTY_OBJECT)


class VerificationToken(Touched, TenantRow):
    """A link that is good once: an invitation, a new password, proof of an address."""

    __tablename__ = "verification_tokens"
    refs = (Ref("user_id", "users", cascade=True),)
    more = (UniqueConstraint("token_hash", name="verification_tokens_token_hash_key"),)

    purpose: Mapped[str]
    user_id: Mapped[UUID | None]
    email: Mapped[str | None]
    token_hash: Mapped[bytes]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
