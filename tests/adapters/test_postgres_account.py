import os
import pwd
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hotelctl.adapters.postgres_account import Account, account
from hotelctl.core.errors import Unavailable

_ENTRY = pwd.getpwuid(os.getuid())


class Machine:
    """One on which nobody has made the account yet, and root runs hotelctl."""

    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made = directory / "made"
        self.useradd = directory / "useradd"
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        monkeypatch.setattr(pwd, "getpwnam", self._named)
        monkeypatch.setattr(shutil, "which", lambda *_, **__: str(self.useradd))

    def _named(self, name: str) -> pwd.struct_passwd:
        if not self.made.exists():
            raise KeyError(name)
        return _ENTRY

    def program(self, script: str) -> None:
        self.useradd.write_text(f"#!/bin/sh\n{script}\n")
        self.useradd.chmod(stat.S_IRWXU)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_the_account_is_made_once_however_many_want_it_at_once(machine: Machine) -> None:
    machine.program(f"sleep 0.2; echo made >> {machine.made}")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: account(), range(4)))
    assert machine.made.read_text() == "made\n"
    assert found == [Account(_ENTRY.pw_uid, _ENTRY.pw_gid, switched=True)] * 4


def test_an_account_that_cannot_be_made_says_why_and_what_to_do(machine: Machine) -> None:
    machine.program("echo the disk is full >&2; exit 1")
    with pytest.raises(
        Unavailable, match=r"cannot be made \(the disk is full\): run hotelctl as another user"
    ):
        account()


def test_a_user_who_is_not_root_runs_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    assert account() == Account(1234, os.getegid(), switched=False)
