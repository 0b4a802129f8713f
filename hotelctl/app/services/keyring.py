"""Signing keys in a directory: one `<kid>.pem` (Ed25519) each; the file `active` names the signer."""

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hotelctl.app.domain.failures import EXIT_CONFIG, StartFailure

_ACTIVE = "active"
_OTHERS = 0o007


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by their id; the active one signs, every one verifies."""

    active: str
    keys: dict[str, Ed25519PrivateKey]


def _refuse(reason: str) -> StartFailure:
    problem = {"key": "HOTEL_KEYRING", "problem": reason}
    return StartFailure(EXIT_CONFIG, "config_invalid", f"keyring is not usable: {reason}", (problem,))


def _read_key(path: Path) -> Ed25519PrivateKey:
    if path.stat().st_mode & _OTHERS:
        raise _refuse(f"{path.name} can be read by every user of the machine")
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError):
        raise _refuse(f"{path.name} is no private key in PEM") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _refuse(f"{path.name} is no Ed25519 key")
    return key


def load(directory: Path) -> Keyring:
    """The keyring of a directory.

    Raises StartFailure when there is none, a key is unusable, or `active` names no key.
    """
    try:
        active = (directory / _ACTIVE).read_text(encoding="ascii").strip()
        keys = {path.stem: _read_key(path) for path in sorted(directory.glob("*.pem"))}
    except FileNotFoundError:
        raise _refuse("no file `active`; make one with: python -m hotelctl.app.chores keyring init") from None
    except (OSError, UnicodeDecodeError) as error:
        raise _refuse(f"cannot be read ({type(error).__name__})") from None
    if active not in keys:
        raise _refuse("`active` names a key that is not there")
    return Keyring(active=active, keys=keys)


def init(directory: Path) -> bool:
    """The directory holds a usable keyring; True when it was made now. A repeat changes nothing."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (directory / _ACTIVE).exists():
        load(directory)
        return False
    kid = secrets.token_hex(4)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key_file = directory / f"{kid}.pem"
    _write_new(key_file, pem)
    draft = directory / f".{kid}.active"
    _write_new(draft, f"{kid}\n".encode())
    try:
        # Whoever links first wins; the key of another one that came second is of no use.
        os.link(draft, directory / _ACTIVE)
    except FileExistsError:
        key_file.unlink()
        return False
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    return True


def _write_new(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
