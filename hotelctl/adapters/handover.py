"""Handing this process over to another program."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from hotelctl.core.errors import UsageError


def hand_over(argv: Sequence[str], env: Mapping[str, str]) -> NoReturn:
    """The program runs in place of this one: with its terminal, its signals and, in the end, its exit code.

    Raises:
        UsageError: there is no such program.

    """
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        os.execve(argv[0], list(argv), dict(env))  # noqa: S606 - no shell is what is wanted
    except OSError as error:
        raise UsageError(
            f"cannot run {argv[0]}: {error.strerror}", "deploy, or install the service"
        ) from error
