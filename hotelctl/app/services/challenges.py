"""What the holder of a staff code gets for it: a signed note, good for five minutes with the password."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.services.keyring import Keyring

TTL = timedelta(minutes=5)
_ISSUER = "hotel-assistant"
# Another audience than that of access tokens: neither is taken for the other.
_AUDIENCE = "hotel-assistant/staff-qr"
_REQUIRED = ["iss", "aud", "sub", "hid", "qid", "iat", "exp"]


@dataclass(frozen=True, slots=True)
class Challenge:
    """The code that was shown, and the one user whom it is for."""

    code_id: UUID
    hotel_id: UUID
    user_id: UUID


def issue(keyring: Keyring, challenge: Challenge) -> str:
    """The challenge as text, signed by the active key."""
    now = datetime.now(UTC)
    claims = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "sub": str(challenge.user_id),
        "hid": str(challenge.hotel_id),
        "qid": str(challenge.code_id),
        "iat": now,
        "exp": now + TTL,
    }
    key = keyring.keys[keyring.active]
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": keyring.active})


def read(keyring: Keyring, text: str) -> Challenge:
    """What was issued, while it is good.

    Raises Unauthenticated for everything else.
    """
    try:
        kid = jwt.get_unverified_header(text).get("kid")
        claims: dict[str, Any] = jwt.decode(
            text,
            keyring.keys[str(kid)].public_key(),
            algorithms=["EdDSA"],
            issuer=_ISSUER,
            audience=_AUDIENCE,
            # As with access tokens: the clock of the instance that issued it may be ahead.
            options={"require": _REQUIRED, "verify_iat": False},
        )
        return Challenge(UUID(claims["qid"]), UUID(claims["hid"]), UUID(claims["sub"]))
    except (jwt.InvalidTokenError, KeyError, ValueError):
        raise Unauthenticated from None
