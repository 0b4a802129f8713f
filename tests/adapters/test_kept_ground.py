"""Who asks and who is asked: a change of either is another ground."""

import os
from pathlib import Path

import pytest

import hotelctl
from hotelctl.adapters import kept_ground
from hotelctl.adapters.kept_ground import ground, identity


def test_a_tree_that_is_not_clean_stands_on_other_ground() -> None:
    clean = ground(dirty=False)
    assert clean == ground(dirty=False)
    assert {key for key, value in ground(dirty=True).items() if value != clean[key]} == {"dirty"}


def test_other_code_that_reads_answers_is_other_ground(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("facts", "probes"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.py").write_text("A = 1\n")
    monkeypatch.setattr(hotelctl, "__path__", [str(tmp_path)])
    seen = {ground(dirty=False)["code"]}
    (tmp_path / "probes" / "a.py").write_text("A = 2\n")
    seen.add(ground(dirty=False)["code"])
    (tmp_path / "facts" / "a.py").rename(tmp_path / "facts" / "b.py")
    seen.add(ground(dirty=False)["code"])
    assert len(seen) == 3
    (tmp_path / "facts" / "notes.txt").write_text("no code")
    assert ground(dirty=False)["code"] in seen


def test_tools_are_those_of_the_pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity("twine", os.environ)
    assert before == identity("squawk", {}), "where such a program lies says nothing of it"
    pins = tmp_path / "tools.txt"
    pins.write_text("twine==1 --hash=sha256:0\n")
    monkeypatch.setattr(kept_ground, "PINS", pins)
    assert identity("twine", os.environ) != before


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
    monkeypatch.setattr(kept_ground, "find", lambda *_: None)
    assert identity("hadolint", {}) == ""
    kept_ground._digest.cache_clear()
