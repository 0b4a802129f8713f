"""Access tokens (signed, ten minutes) and refresh tokens (opaque, stored as a hash)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.keyring import Keyring

ACCESS_TTL = timedelta(minutes=10)
# Of all that the keyring signs; a key that signs no more has to stay for so long.
LONGEST_TTL = ACCESS_TTL
_OLD_ALGORITHM = "HS256"
_ISSUER = "hotel-assistant"
_AUDIENCE = "hotel-assistant/api"
_REQUIRED = ["iss", "aud", "sub", "hid", "role", "ver", "sid", "jti", "iat", "exp"]


@dataclass(frozen=True, slots=True)
class Access:
    """Whom an access token speaks for; `family_id` is the log-in that it stems from."""

    user_id: UUID
    hotel_id: UUID
    role: str
    auth_version: int
    family_id: UUID
    expires_at: datetime


def issue(
    keyring: Keyring, *, user_id: UUID, hotel_id: UUID, role: str, auth_version: int, family_id: UUID
) -> str:
    """A token signed by the active key, good for ACCESS_TTL."""
    now = datetime.now(UTC)
    claims = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "sub": str(user_id),
        "hid": str(hotel_id),
        "role": role,
        "ver": auth_version,
        "sid": str(family_id),
        "jti": str(uuid7()),
        "iat": now,
        "exp": now + ACCESS_TTL,
    }
    return jwt.encode(
        claims, keyring.keys[keyring.active], algorithm="EdDSA", headers={"kid": keyring.active}
    )


def read(keyring: Keyring, token: str, old_secret: bytes | None = None) -> Access:
    """What the token says, if any key of the keyring signed it, or the old secret, and it is still good.

    Raises Unauthenticated for everything else.
    """
    try:
        header = jwt.get_unverified_header(token)
        key: Ed25519PublicKey | bytes
        if old_secret is not None and header.get("alg") == _OLD_ALGORITHM:
            algorithm, key = _OLD_ALGORITHM, old_secret
        else:
            algorithm, key = "EdDSA", keyring.keys[str(header.get("kid"))].public_key()
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=_ISSUER,
            audience=_AUDIENCE,
            # Another instance's clock may be a little ahead; what counts is when it ends.
            options={"require": _REQUIRED, "verify_iat": False},
        )
        return Access(
            user_id=UUID(claims["sub"]),
            hotel_id=UUID(claims["hid"]),
            role=str(claims["role"]),
            auth_version=int(claims["ver"]),
            family_id=UUID(claims["sid"]),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise Unauthenticated from None


def new_refresh_token() -> str:
    """32 random bytes as text."""
    return secrets.token_urlsafe(32)


def hash_of(refresh_token: str) -> bytes:
    """What is stored of a refresh token."""
    return hashlib.sha256(refresh_token.encode()).digest()
