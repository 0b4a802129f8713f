"""Signing keys in a directory: one `<kid>.pem` (Ed25519) each; the file `active` names the signer.

How they are exchanged stands in rotation.py, how a running instance notices it in keyring_watch.py.
"""

import contextlib
import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hotelctl.app.domain.failures import EXIT_CONFIG, StartFailure

FOLLOWED_EVERY_S = 1.0
"""How often a running instance looks whether the directory has changed."""
_ACTIVE = "active"
_NOT_THE_OWNER = 0o077


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by their id; the active one signs, every one verifies."""

    active: str
    keys: dict[str, Ed25519PrivateKey]

    def secret_for(self, purpose: bytes) -> bytes:
        """32 bytes that tell nothing of the key that signs; others for each purpose, and for another key."""
        return hmac.new(self.keys[self.active].private_bytes_raw(), purpose, hashlib.sha256).digest()


def _refuse(reason: str) -> StartFailure:
    problem = {"key": "HOTEL_KEYRING", "problem": reason}
    return StartFailure(EXIT_CONFIG, "config_invalid", f"keyring is not usable: {reason}", (problem,))


def _read_key(path: Path) -> Ed25519PrivateKey:
    if path.stat().st_mode & _NOT_THE_OWNER:
        raise _refuse(f"{path.name} can be read by others than its owner: run chmod 600 on it")
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
    with alone(directory):
        if (directory / _ACTIVE).exists():
            load(directory)
            return False
        kid = add_key(directory)
        # Last, so that a keyring cut short has no signer and is made anew.
        activate(directory, kid)
        return True


def add_key(directory: Path) -> str:
    """The id of a new key in the directory, which nobody signs with yet."""
    kid = secrets.token_hex(4)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    write(directory / f"{kid}.pem", pem)
    return kid


def activate(directory: Path, kid: str) -> None:
    """The key of this id signs."""
    write(directory / _ACTIVE, f"{kid}\n".encode())


@contextlib.contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Nobody else changes the directory meanwhile, and what was changed is on the disk at the end."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, content: bytes) -> None:
    """The file has this content and is its owner's only; after a crash it has it whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
