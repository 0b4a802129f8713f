"""deptry is asked about an installed package again when something that it reads is another one."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Command
from hotelctl.facts.declared_imports import DeclaredImports, UndeclaredImport
from hotelctl.facts.installation import Installation
from hotelctl.facts.wheel import Wheel, open_wheel
from hotelctl.probes.declared_imports import declared_imports
from tests.fakes.kept import FakeKept
from tests.fakes.processes import Answer
from tests.fakes.wheels import SITE
from tests.probes.worlds import World

_FOUND = UndeclaredImport("yaml", "thing/a.py", 1)
_ANSWER = [{"module": "yaml", "location": {"file": "thing/a.py", "line": 1}}]


def _wheel(requires: str = "rich>=14") -> Wheel:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("thing/a.py", "import yaml\n")
        archive.writestr("thing-1.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        text = f"Metadata-Version: 2.1\nName: thing\nVersion: 1\nRequires-Dist: {requires}\n"
        archive.writestr("thing-1.dist-info/METADATA", text)
        archive.writestr("thing-1.dist-info/RECORD", "thing/a.py,,\n")
    return open_wheel("thing-1-py3-none-any.whl", data.getvalue())


class Installed:
    """A package in a new environment of each command; `runs` counts how often deptry was started."""

    def __init__(self) -> None:
        self.world, self.kept, self.number = World(), FakeKept(), 0
        self.files = {"thing/a.py": b"import yaml\n", "thing/data.bin": b"1", "rich/__init__.py": b""}
        self.records = {"thing": "thing/a.py,,\n", "rich": "rich/__init__.py,,\n"}
        self.wheel = _wheel()
        self.world.processes.answer(("/tools/bin/deptry",), Answer(1, effect=self.written))

    def written(self, command: Command) -> None:
        """What deptry leaves."""
        path = Path(command.argv[command.argv.index("--json-output") + 1])
        self.world.files.write_durable(path, json.dumps(_ANSWER).encode())

    def asked(self) -> DeclaredImports:
        """By a new command with directories of its own."""
        self.number += 1
        place = Path(f"/work-{self.number}")
        site = place / "venv" / SITE
        for name, data in self.files.items():
            self.world.files.write_durable(site / name, data)
        for name, record in self.records.items():
            self.world.files.write_durable(site / f"{name}-1.dist-info/RECORD", record.encode())
        context = replace(self.world.context(), kept=self.kept, workspace=place)
        return declared_imports(context, self.wheel, Installation(place / "venv", 0, ("pip",), ""))

    @property
    def runs(self) -> int:
        return len(self.world.processes.commands)


def test_a_package_that_did_not_change_is_asked_about_once() -> None:
    installed = Installed()
    first, second = installed.asked(), installed.asked()
    assert first.findings == second.findings == (_FOUND,)
    assert (first.exit_code, second.bringers, installed.runs) == (1, {"rich": "rich"}, 1)
    installed.files["thing/data.bin"] = b"2"
    installed.asked()
    assert installed.runs == 1, "deptry reads no data"


def test_whatever_it_reads_asks_again_when_it_is_another_one() -> None:
    installed = Installed()
    installed.asked()
    installed.files["thing/a.py"] = b"import yaml, rich\n"
    installed.asked()
    installed.files["thing/new.py"] = b""
    installed.asked()
    installed.records["more"] = "more/__init__.py,,\n"
    installed.asked()
    installed.wheel = _wheel("rich>=15")
    installed.asked()
    assert installed.runs == 5


def test_a_package_that_is_changed_under_it_is_not_judged() -> None:
    installed = Installed()

    def edit(command: Command) -> None:
        installed.written(command)
        assert command.cwd is not None
        installed.world.files.write_durable(command.cwd / "thing/a.py", b"import os\n")

    installed.world.processes.answer(("/tools/bin/deptry",), Answer(1, effect=edit))
    with pytest.raises(Unavailable, match="was changed while deptry read it"):
        installed.asked()
