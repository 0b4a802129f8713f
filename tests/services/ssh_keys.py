"""Keys of people who sign, made by ssh-keygen itself."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def require_ssh_keygen() -> None:
    """Skips where ssh-keygen is missing; the CI has to have it."""
    if shutil.which("ssh-keygen") is None:
        assert not os.environ.get("CI"), "ssh-keygen is missing: .ci/programs installs it"
        pytest.skip("ssh-keygen is not installed")


def made_key(directory: Path, name: str = "key", passphrase: str = "") -> Path:
    """A new key; its public half lies beside it."""
    require_ssh_keygen()
    made = directory / name
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", made], check=True)
    return made


def signer_line(name: str, key: Path, options: str = "") -> str:
    """The line of an allowed-signers file that lets `name` sign with `key`."""
    kind, public = key.with_suffix(".pub").read_text().split()[:2]
    return " ".join(filter(None, (name, options, kind, public))) + "\n"
