"""Signatures made with a person's SSH key: of a file, or of the agent that holds it.

The only program here that may speak with the person: ssh-keygen asks for a passphrase on the terminal.
"""

import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hotelctl.adapters.git_command import GitCommand
from hotelctl.adapters.process import clean_environment
from hotelctl.adapters.tool import find
from hotelctl.core.errors import UsageError

_PROGRAM = "ssh-keygen"
# How to reach the agent, and who asks for a passphrase where a desktop does.
_PERSONAL = ("SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "WAYLAND_DISPLAY", "TERM")
_LITERAL = ("key::", "ssh-", "ecdsa-", "sk-")
_LIMIT_S = 300
_WHICH = "name one with --key FILE, or as for git: gpg.format ssh, user.signingkey FILE"


class SshSigning:
    """`directory` is in the repository whose settings name the key; `environ` is hotelctl's own."""

    def __init__(self, directory: Path, environ: Mapping[str, str]) -> None:
        """Nothing is read before the first signature."""
        self._git = GitCommand(directory, environ)
        self._env = clean_environment(environ)
        self._env |= {name: environ[name] for name in _PERSONAL if name in environ}

    def signed(self, data: bytes, namespace: str, key: Path | None) -> str:
        """The armoured signature of `data` by `key`, else by the one that git signs with.

        Raises:
            UsageError: no ssh-keygen, no key, or one that cannot be used here.

        """
        if find(_PROGRAM, self._env, None) is None:
            raise UsageError(
                f"{_PROGRAM} is not installed, so nothing can be signed",
                "install OpenSSH's client, 8.7 or newer",
            )
        named = str(key.expanduser()) if key is not None else self._configured()
        if not named.startswith(_LITERAL):
            return self._by(Path(named), data, namespace)
        with tempfile.TemporaryDirectory() as room:
            public = Path(room) / "key.pub"
            public.write_text(named.removeprefix("key::") + "\n")
            return self._by(public, data, namespace)

    def _configured(self) -> str:
        """The key that git signs with: a path, or the public key itself."""
        wanted = self._git.run("config", "--get", "gpg.format").stdout.strip() == "ssh"
        named = self._git.run("config", "--type=path", "--get", "user.signingkey").stdout.strip()
        if not wanted or not named:
            raise UsageError("no key to sign with", _WHICH)
        return named

    def _by(self, key: Path, data: bytes, namespace: str) -> str:
        if not key.is_file():
            raise UsageError(f"{key}: there is no such key", _WHICH)
        asks = sys.stdin.isatty() and sys.stderr.isatty()
        try:
            ended = subprocess.run(
                [_PROGRAM, "-Y", "sign", "-n", namespace, "-f", str(key)],
                input=data,
                capture_output=True,
                timeout=_LIMIT_S,
                check=False,
                env=self._env,
                # Without a terminal of its own it cannot wait for a passphrase that nobody types.
                start_new_session=not asks,
            )
        except subprocess.TimeoutExpired as error:
            raise UsageError(
                f"{_PROGRAM} did not sign within {_LIMIT_S} s", "is the agent or the security key waiting?"
            ) from error
        except OSError as error:
            raise UsageError(f"{_PROGRAM} cannot be started: {error.strerror}", "look at its file") from error
        if ended.returncode != 0:
            raise self._refusal(key, ended.stderr.decode(errors="replace"), asks=asks)
        return ended.stdout.decode()

    def _refusal(self, key: Path, said: str, *, asks: bool) -> UsageError:
        if "incorrect passphrase" in said:
            if asks:
                return UsageError(f"{key}: that was not its passphrase", "try again")
            why = "has a passphrase, and there is no terminal to ask for it"
            return UsageError(f"{key} {why}", f"ssh-add {key} gives it to the agent, or sign in a terminal")
        if "are too open" in said:
            return UsageError(f"{key}: others may read it, so {_PROGRAM} does not use it", f"chmod 600 {key}")
        if "No private key found" in said:
            agent = "the agent does not hold it" if "SSH_AUTH_SOCK" in self._env else "no agent runs"
            return UsageError(
                f"{key}: there is no private key beside it, and {agent}",
                "ssh-add FILE gives the private key to the agent; eval $(ssh-agent) starts one",
            )
        last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "no word why")
        return UsageError(f"{key}: {_PROGRAM} does not sign with it: {last}", _WHICH)
