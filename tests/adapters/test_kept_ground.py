"""Who asks and who is asked: a change of either is another ground."""

import os
import subprocess
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import hotelctl
from hotelctl.adapters import kept_ground
from hotelctl.adapters.kept_ground import ground, identity
from hotelctl.adapters.sealed import key
from hotelctl.adapters.tools import home
from hotelctl.core.kept import ITSELF


def test_a_tree_that_is_not_clean_stands_on_other_ground() -> None:
    clean = ground(dirty=False)
    assert clean == ground(dirty=False)
    assert {key for key, value in ground(dirty=True).items() if value != clean[key]} == {"dirty"}


def test_other_code_that_reads_answers_is_other_ground(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("adapters", "facts", "probes"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("A = 1\n")
    monkeypatch.setattr(hotelctl, "__path__", [str(tmp_path)])
    seen = {ground(dirty=False)["code"]}
    (tmp_path / "probes" / "a.py").write_text("A = 2\n")
    seen.add(ground(dirty=False)["code"])
    (tmp_path / "facts" / "a.py").rename(tmp_path / "facts" / "b.py")
    seen.add(ground(dirty=False)["code"])
    (tmp_path / "adapters" / "a.py").write_text("A = 2\n")
    seen.add(ground(dirty=False)["code"])
    assert len(seen) == 4
    (tmp_path / "facts" / "notes.txt").write_text("no code")
    assert ground(dirty=False)["code"] in seen


def test_tools_are_those_of_the_pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pins = tmp_path / "tools.txt"
    monkeypatch.setattr(kept_ground, "pins_of", lambda _program: pins)
    seen = set()
    for version in "12":
        pins.write_text(f"twine=={version} --hash=sha256:0\n")
        for cache in ("one", "other"):
            environ = {"XDG_CACHE_HOME": str(tmp_path / cache)}
            assert identity("twine", environ) == "", "what is not there says nothing"
            program = home(environ) / key(pins.read_bytes()) / "bin" / "twine"
            program.parent.mkdir(parents=True)
            program.touch()
            seen.add(identity("twine", environ))
    assert len(seen) == 2, "where such a program lies says nothing of it"


def _look_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds after the files were written."""
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() + 10_000_000_000)


def test_the_machine_is_told_without_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("a program was started"))
    assert os.uname().release in ground(dirty=False)["machine"]


def test_a_program_beside_the_interpreter_is_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "hadolint"
    monkeypatch.setattr(kept_ground, "find", lambda *_: program)
    program.write_text("one")
    before = identity("hadolint", {})
    kept_ground._digest.cache_clear()
    program.write_text("two")
    assert identity("hadolint", {}) != before
    _look_later(monkeypatch)
    monkeypatch.setattr(kept_ground, "_digest", lambda _: pytest.fail("it was read"))
    settled = identity("hadolint", {})
    assert settled == identity("hadolint", {}) != before
    program.chmod(0o700)
    assert identity("hadolint", {}) != settled
    monkeypatch.setattr(kept_ground, "find", lambda *_: None)
    assert identity("hadolint", {}) == ""
    monkeypatch.undo()
    kept_ground._digest.cache_clear()


def test_its_own_code_is_read_once_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    kept_ground._itself.cache_clear()
    code, reads = kept_ground._code, list[Path]()

    def slowly(package: Path, parts: Iterable[str]) -> str:
        reads.append(package)
        time.sleep(0.05)
        return code(package, parts)

    monkeypatch.setattr(kept_ground, "_code", slowly)
    with ThreadPoolExecutor(4) as threads:
        found = set(threads.map(lambda _: identity(ITSELF, {}), range(4)))
    assert (len(found), len(reads)) == (1, 1)
