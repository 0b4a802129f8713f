from pathlib import Path

import pytest

from hotelctl.adapters.compiled import PARTS, Compiled
from hotelctl.adapters.files import LocalFiles
from hotelctl.core.errors import StepFailed
from tests.fakes.evidence import FakeEvidence

_PROGRAM = "betterleaks"


class Run:
    """One command with a cache directory of its own, and the environment that all share."""

    def __init__(self, root: Path, name: str) -> None:
        self.environment, self.cache = root / "tools", root / name
        self.environment.mkdir(exist_ok=True)
        self.cache.mkdir()
        self.compiled = Compiled(LocalFiles(FakeEvidence(), root))
        self.compiled.lend(self.environment, _PROGRAM, self.cache)
        self.part = self.cache / PARTS[_PROGRAM]

    def lies_there(self) -> dict[str, bytes]:
        """By name the content of each file."""
        files = (path for path in self.part.rglob("*") if path.is_file())
        return {path.relative_to(self.part).as_posix(): path.read_bytes() for path in files}

    def compiles(self, name: str, content: bytes = b"code") -> None:
        """The program does, and ends."""
        (self.part / name).parent.mkdir(parents=True, exist_ok=True)
        (self.part / name).write_bytes(content)
        self.compiled.keep(self.environment, _PROGRAM, self.cache)


def test_what_was_compiled_once_lies_there_for_the_next_run(tmp_path: Path) -> None:
    first = Run(tmp_path, "first")
    assert first.lies_there() == {}
    first.compiles("v1/one")
    second = Run(tmp_path, "second")
    assert second.lies_there() == {"v1/one": b"code"}
    second.compiles("v1/two")
    assert Run(tmp_path, "third").lies_there() == {"v1/one": b"code", "v1/two": b"code"}


def test_who_has_it_already_keeps_nothing(tmp_path: Path) -> None:
    Run(tmp_path, "first").compiles("one")
    (kept,) = (tmp_path / "tools").iterdir()
    before = kept.stat().st_ino
    Run(tmp_path, "second").compiles("one", b"changed by itself")
    assert kept.stat().st_ino == before
    assert Run(tmp_path, "third").lies_there() == {"one": b"code"}


@pytest.mark.parametrize(
    "spoil",
    [lambda data: data[:-7], lambda data: data.replace(b"code", b"evil"), bytes.lower],
    ids=["cut", "changed", "lower"],
)
def test_a_damaged_one_is_as_none_and_is_made_again(tmp_path: Path, spoil: object) -> None:
    Run(tmp_path, "first").compiles("one", b"code CODE")
    (kept,) = (tmp_path / "tools").iterdir()
    assert callable(spoil)
    kept.write_bytes(spoil(kept.read_bytes()))
    second = Run(tmp_path, "second")
    assert second.lies_there() == {}
    second.compiles("one")
    assert Run(tmp_path, "third").lies_there() == {"one": b"code"}


def test_what_another_run_is_writing_is_not_kept(tmp_path: Path) -> None:
    first = Run(tmp_path, "first")
    first.compiles("two.123.tmp", b"co")
    first.compiles("one")
    assert Run(tmp_path, "second").lies_there() == {"one": b"code"}


def test_other_programs_and_a_disk_that_refuses_leave_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Run(tmp_path, "first")
    first.compiled.keep(first.environment, "hadolint", first.cache)
    monkeypatch.setattr(LocalFiles, "write_durable", _refuse)
    first.compiles("one")
    assert list((tmp_path / "tools").iterdir()) == []


def _refuse(*_: object) -> None:
    raise StepFailed("the disk is full", "make room")
