import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tracked import ROOT, files, name

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not (ROOT / ".git").exists(), reason="an export has no git to be exported from"),
]
NEEDED = {".toml", ".html", ".txt", ".py", ".mako", ".css", ".js", ".sql"}


@pytest.fixture(scope="module")
def wheel() -> Iterator[zipfile.ZipFile]:
    """The wheel of a clean export of HEAD."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        archive = [
            "git",
            "-C",
            str(ROOT),
            "archive",
            "--format=zip",
            "--output",
            f"{place}/export.zip",
            "HEAD",
        ]
        subprocess.run(archive, check=True, capture_output=True)
        with zipfile.ZipFile(place / "export.zip") as export:
            export.extractall(place / "export")
        command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", directory]
        subprocess.run([*command, str(place / "export")], check=True, capture_output=True, timeout=120)
        with zipfile.ZipFile(next(place.glob("hotelctl-*.whl"))) as opened:
            yield opened


def committed(prefix: str) -> list[str]:
    """The files of HEAD below a folder."""
    command = ["git", "-C", str(ROOT), "ls-tree", "-r", "--name-only", "HEAD", prefix]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def test_everything_of_the_package_is_in_it(wheel: zipfile.ZipFile) -> None:
    wanted = {path for path in committed("hotelctl") if Path(path).suffix in NEEDED}
    assert len(wanted) > 50
    assert wanted - set(wheel.namelist()) == set()


def test_the_templates_are_inside_the_package(wheel: zipfile.ZipFile) -> None:
    templates = [path.removeprefix("reports/") for path in committed("reports/templates")]
    assert templates
    assert {f"hotelctl/_{path}" for path in templates} - set(wheel.namelist()) == set()


def test_it_says_which_commit_it_is(wheel: zipfile.ZipFile) -> None:
    head = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    )
    assert wheel.read("hotelctl/app/_commit.txt").decode().strip() == head.stdout.strip()


def test_no_test_and_no_tool_is_in_it(wheel: zipfile.ZipFile) -> None:
    tops = {entry.partition("/")[0] for entry in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"hotelctl"}


def test_nothing_of_the_package_is_left_uncommitted_by_an_ignore_rule() -> None:
    tracked = {name(path) for path in files() if name(path).startswith("hotelctl/")}
    on_disk = {
        name(p) for p in (ROOT / "hotelctl").rglob("*") if p.is_file() and "__pycache__" not in p.parts
    }
    assert on_disk - tracked == set()
