import json
import re
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest

from hotelctl.facts.signoff import NAME, ROLE, Signoff, key_of, problem_of, signoffs_of, verifying

ONE = Signoff("bela@example.org", "operations", "2026-03-01T13:00:00.000Z", "sha256:ab", "armour")


@pytest.mark.parametrize("field", ["name", "role", "at", "digest"])
def test_every_word_of_a_sign_off_is_signed_and_the_signature_is_not(field: str) -> None:
    assert replace(ONE, **{field: "other"}).payload != ONE.payload
    assert replace(ONE, signature="other").payload == ONE.payload
    assert json.loads(ONE.payload)["signoff"][field] == getattr(ONE, field)


def test_a_time_without_a_zone_is_none() -> None:
    assert ONE.signed_at == datetime(2026, 3, 1, 13, tzinfo=UTC)
    for text in ("2026-03-01T13:00:00", "noon"):
        with pytest.raises(ValueError, match=r"zone|noon"):
            replace(ONE, at=text).signed_at  # noqa: B018 - the question itself raises


def test_sign_offs_are_read_from_a_report() -> None:
    assert signoffs_of({"signoffs": [asdict(ONE)]}) == (ONE,)
    for raw in ({}, {"signoffs": 1}, {"signoffs": [{"name": "x"}]}, {"signoffs": [asdict(ONE) | {"at": 1}]}):
        with pytest.raises(ValueError, match="cannot be read"):
            signoffs_of(raw)


def test_the_key_must_have_been_valid_when_it_signed() -> None:
    words = verifying("allowed_signers", "bela", "room/signature", ONE.signed_at)
    assert words[:3] == ("ssh-keygen", "-Y", "verify")
    assert words[-2:] == ("-O", "verify-time=20260301130000Z")
    assert words[words.index("-I") :][:2] == ("-I", "bela")


@pytest.mark.parametrize(
    ("stderr", "wanted"),
    [
        ("Signature verification failed: incorrect signature", "was changed"),
        ("a:1: key has expired: verify time x", "had expired"),
        ("Couldn't parse signature: missing header", "none that ssh-keygen reads"),
        ("", "allowed_signers does not allow its key to sign for bela"),
    ],
)
def test_what_ssh_keygen_says_is_put_into_words(stderr: str, wanted: str) -> None:
    assert wanted in problem_of("bela", "allowed_signers", 255, stderr)
    assert problem_of("bela", "allowed_signers", 0, stderr) == ""


def test_the_key_is_told_for_a_good_signature_only() -> None:
    good = 'Good "hotelctl-report" signature for bela with ED25519 key SHA256:w79/x\n'
    assert key_of(good) == "SHA256:w79/x"
    assert key_of("Could not verify signature.\n") == ""


@pytest.mark.parametrize("name", ["*", "a,b", "!a", "-a", "a b", "", "a\n"])
def test_no_pattern_and_no_list_is_a_name(name: str) -> None:
    assert re.fullmatch(NAME, name) is None
    assert re.fullmatch(NAME, "béla.b+ops@example.org") is not None
    assert re.fullmatch(ROLE, "release-manager") is not None
