"""Chores as they are run from the command line, in the test's own process."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from hotelctl.app import chores

Run = Callable[..., dict[str, Any]]


def running(capsys: pytest.CaptureFixture[str]) -> Run:
    """Does the chore of these words, which must succeed, and gives what it printed last."""

    def chore(*arguments: str) -> dict[str, Any]:
        assert chores.main(arguments) == 0, capsys.readouterr().err
        answer: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
        return answer

    return chore
