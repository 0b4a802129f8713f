"""The second service holds what its service file promises, before hotelctl has anything to do with it."""

import os
import signal
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from pathlib import Path

import pytest

from hotelctl.adapters.load.run import Load
from hotelctl.config.service import ServiceSpec
from tests.load.client import send
from tests.services.checkout import SOURCE, add_migration, git, plain_checkout, release_change


def test_its_file_is_a_service_file() -> None:
    spec = ServiceSpec.model_validate(tomllib.loads((SOURCE / "hotelctl.toml").read_text()))
    assert spec.migrations is not None
    assert spec.migrations.kind == "sql"
    assert (SOURCE / spec.migrations.directory).is_dir()
    assert spec.env.contract is not None
    contract = tomllib.loads((SOURCE / spec.env.contract).read_text())
    example = (SOURCE / (spec.env.example or "")).read_text()
    assert all(f"\n{key}=" in example for key in contract["keys"])


def test_nothing_of_it_names_this_project(tmp_path: Path) -> None:
    root = plain_checkout(tmp_path)
    sources = [*root.glob("plainsvc/*.py"), *root.glob("tests/*.py"), root / "pyproject.toml"]
    assert len(sources) > 8
    assert not [file.name for file in sources if "hotelctl" in file.read_text()]


def test_a_checkout_is_clean_and_changes_make_commits(tmp_path: Path) -> None:
    root = plain_checkout(tmp_path)
    assert git(root, "status", "--porcelain", "--ignored") == ""
    first = git(root, "rev-parse", "HEAD")
    second = release_change(root, "1.1.0")
    third = add_migration(root, "0003_more.sql", "ALTER TABLE notes ADD COLUMN author text;\n")
    assert len({first, second, third}) == 3
    assert tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"] == "1.1.0"
    assert git(root, "status", "--porcelain") == ""


@pytest.mark.system
def test_the_wheel_of_an_export_knows_its_commit(tmp_path: Path) -> None:
    root = plain_checkout(tmp_path)
    export = tmp_path / "export"
    git(root, "archive", "--output", str(tmp_path / "export.zip"), "HEAD")
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        archive.extractall(export)
    build = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(tmp_path),
        str(export),
    ]
    subprocess.run(build, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(next(tmp_path.glob("plainsvc-*.whl"))) as wheel:
        assert wheel.read("plainsvc/_commit.txt").decode().strip() == git(root, "rev-parse", "HEAD")


@pytest.mark.database
def test_its_own_tests_pass(tmp_path: Path, database_url: str) -> None:
    root = plain_checkout(tmp_path)
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", f"--junitxml={tmp_path / 'junit.xml'}", "tests"],
        cwd=root,
        env={**os.environ, "TEST_DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    assert 'errors="0" failures="0" skipped="0"' in (tmp_path / "junit.xml").read_text()


@pytest.mark.system
def test_it_keeps_connections_under_load_and_stops_cleanly(tmp_path: Path) -> None:
    root = plain_checkout(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-m", "plainsvc", "--port", "0"],
        cwd=root,
        env={**os.environ, "NOTES_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stderr is not None
        port = program.stderr.readline().split("127.0.0.1:")[1].partition(",")[0]
        url = f"http://127.0.0.1:{port}/healthz"
        load = Load(url=url, rate=200, connections=4, new_per_s=5, timeout_s=60)
        result = send(load, 400)
        program.send_signal(signal.SIGTERM)
        assert program.wait(timeout=60) == 0
        assert program.stderr.read() == "stopped cleanly\n"
    assert result.failed == 0, result.errors
    assert result.sent == result.ok == 400
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(url, timeout=1)
