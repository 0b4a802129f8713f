"""How services sign what they send on their own.

Source: the documentation of webhook signatures of Stripe ("Verify webhook signatures manually") and GitHub
("Validating webhook deliveries").
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import NamedTuple


class Signer(NamedTuple):
    """`headers` makes them of body, secret and seconds since 1970; where it is `timed`, old is refused."""

    headers: Callable[[bytes, str, int], Mapping[str, str]]
    timed: bool


def _stripe(body: bytes, secret: str, at_s: int) -> Mapping[str, str]:
    return {"Stripe-Signature": f"t={at_s},v1={_hex(f'{at_s}.'.encode() + body, secret)}"}


def _github(body: bytes, secret: str, _at_s: int) -> Mapping[str, str]:
    return {"X-Hub-Signature-256": f"sha256={_hex(body, secret)}"}


def _hex(signed: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


SIGNERS: Mapping[str, Signer] = {
    "stripe": Signer(_stripe, timed=True),
    "github": Signer(_github, timed=False),
}
"""The ways by the name that a service file gives them."""
