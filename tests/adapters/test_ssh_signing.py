"""Against ssh-keygen and an agent themselves; the tests have no terminal that could be asked."""

import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hotelctl.adapters.ssh_signing import SshSigning
from hotelctl.core.errors import UsageError
from tests.house.tracked import ROOT
from tests.services.ssh_keys import made_key, require_ssh_keygen

pytestmark = pytest.mark.system

ARMOUR = "-----BEGIN SSH SIGNATURE-----"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """A person without settings and without an agent."""
    require_ssh_keygen()
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}


@pytest.fixture
def agent(environ: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same person with an agent."""
    if shutil.which("ssh-agent") is None:
        assert not os.environ.get("CI"), "ssh-agent is missing: .ci/programs installs it"
        pytest.skip("ssh-agent is not installed")
    # A socket's path has a limit of about a hundred characters.
    with subprocess.Popen(["ssh-agent", "-D"], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        line = running.stdout.readline()
        yield environ | {"SSH_AUTH_SOCK": line.split("=", 1)[1].split(";", maxsplit=1)[0]}
        running.terminate()


def refused(environ: dict[str, str], key: Path | None, place: Path) -> UsageError:
    with pytest.raises(UsageError) as error:
        SshSigning(place, environ).signed(b"x", "n", key)
    assert error.value.hint
    return error.value


def test_a_key_without_passphrase_signs_by_either_half(environ: dict[str, str], tmp_path: Path) -> None:
    key = made_key(tmp_path)
    for half in (key, key.with_suffix(".pub")):
        assert SshSigning(tmp_path, environ).signed(b"x", "n", half).startswith(ARMOUR)


@pytest.mark.parametrize("literal", [False, True], ids=["a path", "the key itself"])
def test_gits_own_key_is_the_default(agent: dict[str, str], tmp_path: Path, *, literal: bool) -> None:
    key = made_key(tmp_path)
    named = f"key::{key.with_suffix('.pub').read_text().strip()}" if literal else "~/key"
    for pair in (("gpg.format", "ssh"), ("user.signingkey", named)):
        subprocess.run(["git", "-C", tmp_path, "config", *pair], check=True)
    subprocess.run(["ssh-add", "-q", key], env=agent, check=True)
    assert SshSigning(tmp_path, agent).signed(b"x", "n", None).startswith(ARMOUR)


def test_a_passphrase_is_not_waited_for_without_a_terminal(agent: dict[str, str], tmp_path: Path) -> None:
    key = made_key(tmp_path, passphrase="long and secret")
    alone = {name: value for name, value in agent.items() if name != "SSH_AUTH_SOCK"}
    error = refused(alone, key, tmp_path)
    assert error.message == f"{key} has a passphrase, and there is no terminal to ask for it"
    assert f"ssh-add {key}" in error.hint


def test_the_agent_signs_for_a_public_half_that_lies_alone(agent: dict[str, str], tmp_path: Path) -> None:
    key = made_key(tmp_path)
    subprocess.run(["ssh-add", "-q", key], env=agent, check=True)
    key.unlink()
    public = key.with_suffix(".pub")
    assert SshSigning(tmp_path, agent).signed(b"x", "n", public).startswith(ARMOUR)
    subprocess.run(["ssh-add", "-q", "-D"], env=agent, check=True)
    assert "the agent does not hold it" in refused(agent, public, tmp_path).message
    del agent["SSH_AUTH_SOCK"]
    assert "no agent runs" in refused(agent, public, tmp_path).message


def test_a_key_that_cannot_be_used_is_named(environ: dict[str, str], tmp_path: Path) -> None:
    assert refused(environ, None, tmp_path).message == "no key to sign with"
    assert "there is no such key" in refused(environ, tmp_path / "absent", tmp_path).message
    text = tmp_path / "text"
    text.write_text("no key")
    assert refused(environ, text, tmp_path).message.startswith(f"{text}: ")
    key = made_key(tmp_path)
    key.chmod(0o644)
    assert refused(environ, key, tmp_path).hint == f"chmod 600 {key}"


def test_a_gpg_key_of_git_is_none_to_sign_with_here(environ: dict[str, str], tmp_path: Path) -> None:
    subprocess.run(["git", "-C", tmp_path, "config", "user.signingkey", "ABCD1234"], check=True)
    assert refused(environ, None, tmp_path).message == "no key to sign with"


def test_a_machine_without_ssh_keygen_is_told_so(tmp_path: Path) -> None:
    error = refused({"PATH": str(tmp_path)}, tmp_path / "key", tmp_path)
    assert error.message == "ssh-keygen is not installed, so nothing can be signed"


# The terminal becomes that of the session, as a shell has it, and then a signature is asked for.
SIGNING = """
import fcntl, os, sys, termios
from pathlib import Path
from hotelctl.adapters.ssh_signing import SshSigning
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
key = Path(sys.argv[1])
print(SshSigning(key.parent, os.environ).signed(b"x", "n", key))
"""


@pytest.mark.parametrize(
    ("typed", "answer"), [("long and secret", ARMOUR), ("wrong", "was not its passphrase")]
)
def test_on_a_terminal_the_passphrase_is_asked_for(
    environ: dict[str, str], tmp_path: Path, typed: str, answer: str
) -> None:
    key = made_key(tmp_path, passphrase="long and secret")
    mine, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", SIGNING, key],
        env={**environ, "PYTHONPATH": str(ROOT)},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said = ""
    while "Enter passphrase" not in said:
        said += os.read(mine, 4096).decode()
    os.write(mine, f"{typed}\n".encode())
    with suppress(OSError):  # the other end was closed: the process is over
        while part := os.read(mine, 4096):
            said += part.decode()
    os.close(mine)
    process.wait(timeout=60)
    assert answer in said
