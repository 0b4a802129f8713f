import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tracked import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
PROMISED = {"deploy", "stop", "test", "lint", "clean", "lock", "help", "wheel"}


def make(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", "-C", str(ROOT), *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def make_environment(python: Path, target: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", str(ROOT / ".ci/venv"), str(target)],
        env={"PATH": os.environ["PATH"], "PYTHON": str(python)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def pretend(directory: Path, answers: str) -> Path:
    """A program called python that answers by `answers`, a shell case over its whole command line."""
    program = directory / "python"
    program.write_text(f'#!/bin/bash\ncase "$*" in {answers} esac\n')
    program.chmod(0o755)
    return program


def test_help_is_the_default_and_names_what_is_promised() -> None:
    said = make().stdout
    assert set(re.findall(r"^ +make ([a-z-]+) - ", said, re.MULTILINE)) >= PROMISED


def test_every_target_without_a_file_is_phony() -> None:
    phony = set(MAKEFILE.partition(".PHONY:")[2].partition("\n")[0].split())
    assert phony == set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))


def test_stop_without_state_says_so_and_is_no_error(tmp_path: Path) -> None:
    ended = make("stop", f"STATE={tmp_path / 'none'}")
    assert ended.returncode == 0
    assert ended.stdout.startswith("nothing to stop")


def test_deploy_passes_its_flags_on() -> None:
    assert (
        "hotelctl deploy --yes --port 9000" in make("--dry-run", "deploy", "DEPLOY_FLAGS=--port 9000").stdout
    )


def test_where_the_tests_were_set_up_nothing_more_is_installed_to_deploy_or_to_build(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").touch()
    here = ("--dry-run", f"VENV={tmp_path}")
    stamp = re.search(r'touch "(.*/\.dev-\d+)"', make(*here, "setup").stdout)
    assert stamp is not None
    assert all("requirements/cli.txt" in make(*here, target).stdout for target in ("deploy", "wheel"))
    Path(stamp[1]).touch()
    assert not any("requirements/" in make(*here, target).stdout for target in ("deploy", "wheel"))
    pinned = [
        set(re.findall(r"^\S+==\S+", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE))
        for name in ("cli", "dev")
    ]
    assert set[str]() < pinned[0] < pinned[1]


def test_a_python_that_is_too_old_is_refused_with_its_version(tmp_path: Path) -> None:
    old = pretend(tmp_path, '*version_info*) exit 1;; -V) echo "Python 3.9.2";;')
    ended = make_environment(old, tmp_path / "venv")
    assert ended.returncode == 2
    assert "Python >= 3.11 is needed" in ended.stderr
    assert "Python 3.9.2" in ended.stderr


def test_a_python_without_venv_is_told_what_to_install(tmp_path: Path) -> None:
    bare = pretend(
        tmp_path, '*"import ensurepip"*) exit 1;; *"-m pip"*) exit 1;; *%d.%d*) echo 3.11;; *) exit 0;;'
    )
    ended = make_environment(bare, tmp_path / "venv")
    assert ended.returncode == 2
    assert "apt-get install python3-venv   (or python3.11-venv)" in ended.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.system
def test_an_environment_is_made_with_the_python_named(tmp_path: Path) -> None:
    ended = make_environment(Path(sys.executable), tmp_path / "venv")
    assert ended.returncode == 0, ended.stderr
    subprocess.run([tmp_path / "venv/bin/python", "-m", "pip", "--version"], check=True, capture_output=True)
