from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest

from hotelctl.app.domain.failures import Unauthenticated
from hotelctl.app.services import keyring, tokens
from hotelctl.app.services.keyring import Keyring


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    keyring.init(tmp_path)
    return keyring.load(tmp_path)


def _claims(**other: Any) -> dict[str, Any]:  # noqa: ANN401 - claims are of any type
    now = datetime.now(UTC)
    claims = {
        "iss": "hotel-assistant",
        "aud": "hotel-assistant/api",
        "sub": str(uuid4()),
        "hid": str(uuid4()),
        "role": "staff",
        "ver": 1,
        "sid": str(uuid4()),
        "jti": "x",
        "iat": now,
        "exp": now + timedelta(minutes=1),
    }
    return {**claims, **other}


def _sign(ring: Keyring, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, ring.keys[ring.active], algorithm="EdDSA", headers={"kid": ring.active})


def test_says_again_what_was_issued(ring: Keyring) -> None:
    user, hotel, family = uuid4(), uuid4(), uuid4()
    token = tokens.issue(ring, user_id=user, hotel_id=hotel, role="admin", auth_version=3, family_id=family)
    access = tokens.read(ring, token)
    assert (access.user_id, access.hotel_id, access.role) == (user, hotel, "admin")
    assert (access.auth_version, access.family_id) == (3, family)
    assert timedelta(minutes=9) < access.expires_at - datetime.now(UTC) <= timedelta(minutes=10)


def test_a_good_hand_made_token_is_read(ring: Keyring) -> None:
    assert tokens.read(ring, _sign(ring, _claims())).role == "staff"


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "hid", "role", "ver", "sid", "jti", "iat", "exp"])
def test_every_claim_is_needed(claim: str, ring: Keyring) -> None:
    claims = _claims()
    del claims[claim]
    with pytest.raises(Unauthenticated):
        tokens.read(ring, _sign(ring, claims))


@pytest.mark.parametrize(
    "wrong",
    [{"iss": "other"}, {"aud": "other"}, {"exp": datetime(2020, 1, 1, tzinfo=UTC)}, {"sub": "no uuid"}],
)
def test_wrong_claims_are_refused(wrong: dict[str, Any], ring: Keyring) -> None:
    with pytest.raises(Unauthenticated):
        tokens.read(ring, _sign(ring, _claims(**wrong)))


def test_a_token_is_over_in_the_second_of_its_end_and_not_before(ring: Keyring) -> None:
    now_s = int(datetime.now(UTC).timestamp())
    assert tokens.read(ring, _sign(ring, _claims(exp=now_s + 10))).role == "staff"
    with pytest.raises(Unauthenticated):
        tokens.read(ring, _sign(ring, _claims(exp=now_s)))


def test_a_token_of_an_instance_whose_clock_is_ahead_is_good(ring: Keyring) -> None:
    ahead = datetime.now(UTC) + timedelta(seconds=4)
    assert tokens.read(ring, _sign(ring, _claims(iat=ahead))).role == "staff"


def test_no_signature_and_no_other_algorithm_is_taken(ring: Keyring) -> None:
    unsigned = jwt.encode(_claims(), "", algorithm="none", headers={"kid": ring.active})
    symmetric = jwt.encode(_claims(), "k" * 32, algorithm="HS256", headers={"kid": ring.active})
    for token in (unsigned, symmetric, "", "a.b.c", "ä"):
        with pytest.raises(Unauthenticated):
            tokens.read(ring, token)


def test_a_published_key_verifies_before_and_after_it_signs(tmp_path: Path) -> None:
    keyring.init(tmp_path / "one")
    keyring.init(tmp_path / "two")
    one, two = keyring.load(tmp_path / "one"), keyring.load(tmp_path / "two")
    both = Keyring(two.active, {**one.keys, **two.keys})
    old, new = _sign(one, _claims()), _sign(both, _claims())
    assert tokens.read(both, old).role == "staff"
    assert tokens.read(both, new).role == "staff"
    with pytest.raises(Unauthenticated):
        tokens.read(one, new)


def test_refresh_tokens_are_random_and_stored_as_32_bytes() -> None:
    one, two = tokens.new_refresh_token(), tokens.new_refresh_token()
    assert one != two
    assert len(tokens.hash_of(one)) == 32
    assert tokens.hash_of(one) == tokens.hash_of(one)


def test_the_old_secret_verifies_its_own_tokens_and_nothing_else(ring: Keyring) -> None:
    secret = b"o" * 32
    old = jwt.encode(_claims(), secret, algorithm="HS256")
    assert tokens.read(ring, old, secret).role == "staff"
    assert tokens.read(ring, _sign(ring, _claims()), secret).role == "staff"
    public = ring.keys[ring.active].public_key().public_bytes_raw()
    less = _claims()
    del less["sid"]
    for token, with_secret in (
        (old, None),
        (old, b"p" * 32),
        (jwt.encode(_claims(), public, algorithm="HS256", headers={"kid": ring.active}), None),
        (jwt.encode(_claims(), public, algorithm="HS256", headers={"kid": ring.active}), secret),
        (jwt.encode(less, secret, algorithm="HS256"), secret),
        (jwt.encode(_claims(), secret * 2, algorithm="HS512"), secret),
        (jwt.encode(_claims(), "", algorithm="none"), secret),
    ):
        with pytest.raises(Unauthenticated):
            tokens.read(ring, token, with_secret)
