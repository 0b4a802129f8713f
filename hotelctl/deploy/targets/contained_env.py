"""A release's variables in its container: in a file that only the container has, not in what an engine tells.

Whoever may ask an engine reads the variables that a container was made with, and they come back in its logs
and tools. So they are given as a file, which the image's own shell reads before it becomes the service.
"""

import os
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from hotelctl.core.containers import Bind
from hotelctl.deploy.targets import durable

SHELL = "/bin/sh"
PLACE = "/run/hotelctl/env"
_SCRIPT = f'set -a; . {PLACE}; set +a; exec "$@"'
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# A shell refuses a value of its own for these, and then ends; or it hands on another one than it was given.
_OF_SHELLS = frozenset(
    {
        *("BASHOPTS", "BASHPID", "BASH_VERSINFO", "DIRSTACK", "EPOCHREALTIME", "EPOCHSECONDS", "EUID"),
        *("FUNCNAME", "GROUPS", "LINENO", "OPTIND", "PPID", "RANDOM", "SECONDS", "SHELLOPTS", "SHLVL"),
        *("SRANDOM", "UID", "_"),
    }
)


def sourced(argv: tuple[str, ...]) -> tuple[str, ...]:
    """The command line that reads the file and then becomes `argv`, as the same process."""
    return (SHELL, "-c", _SCRIPT, "hotelctl", *argv)


def keep(directory: Path, env: Mapping[str, str]) -> Bind:
    """The file for the container, which any user in there may read; here its owner alone gets to it."""
    private = directory / "contained"
    private.mkdir(mode=0o700, exist_ok=True)
    private.chmod(0o700)
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in sorted(env.items()) if is_word(name)]
    durable.write(private / "env", os.fsencode("".join(lines)), 0o444)
    return Bind(str(private / "env"), PLACE)


def is_word(name: str) -> bool:
    """Whether any shell can hold a variable of that name, with any value."""
    return _WORD.fullmatch(name) is not None and name not in _OF_SHELLS
