import base64
import re

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from benchmarks.planted.keys import PEMS
from benchmarks.planted.values import Maker, checksum, checksum_hex

_DER = (Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def test_pieces_are_made_as_their_names_say() -> None:
    made = Maker("x")("id=<<hex:8>> <<digit:3>>-<<uuid>>", {})
    assert re.fullmatch(r"id=[0-9a-f]{8} \d{3}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made)


def test_a_name_gives_the_same_letters_and_another_one_others() -> None:
    text = "<<base62:20>> <<base62:20>>"
    assert Maker("x")(text, {}) == Maker("x")(text, {}) != Maker("y")(text, {})
    assert len(set(Maker("x")(text, {}).split())) == 2


def test_what_is_known_is_taken_as_it_is_or_spelt() -> None:
    made = Maker("x")("<<value>> <<value:b64>> <<value:hex>> AK<<>>IA", {"value": "ab"})
    assert made == f"ab {base64.b64encode(b'ab').decode()} 6162 AKIA"


def test_a_piece_of_no_known_name_is_refused() -> None:
    with pytest.raises(KeyError):
        Maker("x")("<<nothing:3>>", {})


@pytest.mark.parametrize(
    ("letters", "expected"),
    [("zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ", "0mLq17"), ("adE7dp8rHP6gUTuPwxLTZjZdtya3sV", "0UQzQM")],
)
def test_the_checksum_is_that_of_github_and_npm(letters: str, expected: str) -> None:
    assert checksum(f"ghp_{letters}") == checksum(f"npm_{letters}") == expected
    assert Maker("x")(f"{letters}<<crc>>", {}) == f"{letters}{expected}"


def test_the_other_checksum_is_that_of_grafana() -> None:
    # Its own example, whose letters say that it opens nothing.
    assert checksum_hex("glsa_" + "iNValIdinValiDinvalidinvalidinva_") == "5b582697"


@pytest.mark.parametrize("kind", ["rsa", "rsa8", "ec", "ed25519"])
def test_private_keys_can_be_read(kind: str) -> None:
    key = load_pem_private_key(PEMS[kind](Maker(kind).bytes).encode(), None)
    assert key.private_bytes(*_DER)


def test_the_key_of_ssh_can_be_read() -> None:
    key = load_ssh_private_key(PEMS["openssh"](Maker("ssh").bytes).encode(), None)
    assert key.private_bytes(*_DER)
