"""Files sealed with age: for X25519 recipients (`age1...`) and for SSH keys."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from hotelctl.adapters.disk import make_directories, sync_directory, writing
from hotelctl.core.errors import Damaged, StepFailed, UsageError
from hotelctl.core.ports import EvidenceLog

_ENDING = ".age"
_INSTALL = "install hotelctl with its extra 'encryption'"


@dataclass(frozen=True, slots=True)
class Keys:
    """Public keys of those who may read, and the file with one's own secret key, as `variable` names it."""

    recipients: tuple[str, ...]
    variable: str
    identity: str | None


class AgeSealing:
    """What is opened lies below `place` as long as it is needed."""

    def __init__(self, keys: Keys, place: Path, evidence: EvidenceLog) -> None:
        """No key is read."""
        self._keys = keys
        self._place = place
        self._evidence = evidence

    @property
    def recipients(self) -> tuple[str, ...]:
        """As the service file has them."""
        return self._keys.recipients

    def require_recipients(self) -> None:
        """Return when the library is there and knows each of them. Raises `UsageError`."""
        age = _library()
        for one in self.recipients:
            _recipient(age, one)

    def seal(self, source: Path, destination: Path) -> None:
        """Each plain file goes as soon as its sealed one is on the disk."""
        age = _library()
        keys = [_recipient(age, one) for one in self.recipients]
        part = destination.with_name(f"{destination.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        make_directories(part, 0o700)
        for path in sorted(source.iterdir()):
            _seal(age, path, part / f"{path.name}{_ENDING}", keys)
            path.unlink()
        sync_directory(part)
        part.rename(destination)
        source.rmdir()
        sync_directory(destination.parent)
        self._evidence.record("age", {"operation": "seal", "recipients": list(self.recipients)})

    @contextmanager
    def opened(self, source: Path) -> Iterator[Path]:
        """The plain files are this user's only. Raises `StepFailed`, `Damaged`."""
        age = _library()
        secrets = _secrets(age, self._keys)
        make_directories(self._place, 0o700)
        with tempfile.TemporaryDirectory(prefix="opened-", dir=self._place) as directory:
            for path in sorted(source.glob(f"*{_ENDING}")):
                _open(age, path, Path(directory, path.name.removesuffix(_ENDING)), secrets)
            self._evidence.record("age", {"operation": "open", "source": str(source)})
            yield Path(directory)


def _secrets(age: ModuleType, keys: Keys) -> list[Any]:
    """The secret keys of the identity file. Raises `StepFailed`, which shows nothing of them."""
    named = f"{keys.variable} names it"
    if not keys.identity:
        hint = f"set {keys.variable} to the file that holds the age identity"
        raise StepFailed("it is encrypted, and no key is given", hint)
    path = Path(keys.identity)
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise StepFailed(f"{path}: others may read this key", f"chmod 600 {path}")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise StepFailed(f"{path}: the key cannot be read: {error.strerror}", named) from error
    except UnicodeDecodeError as error:
        raise StepFailed(f"{path}: holds no age identity", named) from error
    lines = [line.strip() for line in text.splitlines()]
    try:
        if text.startswith("-----BEGIN"):
            return [age.ssh.Identity.from_buffer(text.encode())]
        found = [age.x25519.Identity.from_str(one) for one in lines if one and not one.startswith("#")]
    except (ValueError, age.IdentityError) as error:
        raise StepFailed(f"{path}: holds no age identity", named) from error
    if not found:
        raise StepFailed(f"{path}: holds no age identity", named)
    return found


def _library() -> ModuleType:
    if find_spec("pyrage") is None:
        raise UsageError("backups are encrypted here, and the library that does it is missing", _INSTALL)
    return import_module("pyrage")


def _recipient(age: ModuleType, text: str) -> Any:  # noqa: ANN401 - a library without types
    kind = age.ssh if text.startswith("ssh-") else age.x25519
    try:
        return kind.Recipient.from_str(text)
    except (ValueError, age.RecipientError) as error:
        why = f"[backups] recipients: {text[:40]} is none of age: {error}"
        raise UsageError(why, "age-keygen -y FILE prints one") from error


def _seal(age: ModuleType, plain: Path, sealed: Path, keys: list[Any]) -> None:
    with writing(sealed), plain.open("rb") as source, sealed.open("xb") as target:
        sealed.chmod(0o600)
        age.encrypt_io(source, target, keys)
        target.flush()
        os.fsync(target.fileno())


def _open(age: ModuleType, sealed: Path, plain: Path, keys: list[Any]) -> None:
    try:
        with writing(plain), sealed.open("rb") as source, plain.open("xb") as target:
            age.decrypt_io(source, target, keys)
    except age.DecryptError as error:
        if "keys" in str(error):
            raise StepFailed(
                "it is encrypted for other keys than the given one", "give another key"
            ) from error
        raise _damaged(sealed, error) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise _damaged(sealed, error) from error


def _damaged(sealed: Path, error: Exception) -> Damaged:
    return Damaged(f"{sealed.name} cannot be decrypted: {error}", "hotelctl backup list names the others")
