from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from hotelctl.app.domain.failures import StartFailure
from hotelctl.app.services import keyring


def _refusal(directory: Path) -> str:
    with pytest.raises(StartFailure) as caught:
        keyring.load(directory)
    assert caught.value.exit_code == 78
    return caught.value.message


def test_a_new_keyring_is_private_and_usable(tmp_path: Path) -> None:
    directory = tmp_path / "ring"
    assert keyring.init(directory)
    ring = keyring.load(directory)
    assert list(ring.keys) == [ring.active]
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in directory.iterdir()} == {0o600}


def test_a_repeat_keeps_the_keys(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert not keyring.init(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_of_many_at_once_one_makes_the_keyring(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: keyring.init(tmp_path), range(8)))
    assert made.count(True) == 1
    assert list(keyring.load(tmp_path).keys) == [keyring.load(tmp_path).active]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_missing_keyring_says_how_to_make_one(tmp_path: Path) -> None:
    assert "keyring init" in _refusal(tmp_path)


def test_refuses_an_active_name_without_a_key(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    (tmp_path / "active").write_text("gone\n")
    assert "names a key that is not there" in _refusal(tmp_path)


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620])
def test_refuses_a_key_that_is_not_its_owner_s_alone(mode: int, tmp_path: Path) -> None:
    keyring.init(tmp_path)
    next(tmp_path.glob("*.pem")).chmod(mode)
    assert "chmod 600" in _refusal(tmp_path)


def test_refuses_a_damaged_key(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    next(tmp_path.glob("*.pem")).write_text("nonsense")
    assert "no private key" in _refusal(tmp_path)


def test_refuses_a_key_of_another_kind(tmp_path: Path) -> None:
    keyring.init(tmp_path)
    pem = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    next(tmp_path.glob("*.pem")).write_bytes(pem)
    assert "no Ed25519 key" in _refusal(tmp_path)
