import subprocess
import sys
from pathlib import Path

import pytest

from hotelctl.checks.build.dependencies_agree import dependencies_agree as check
from hotelctl.facts.environment_packages import EnvironmentPackages, read_packages
from tests.checks import made
from tests.checks.build import projects

pytestmark = pytest.mark.system


def metadata(name: str, version: str, *requires: str) -> str:
    """The METADATA of one package."""
    lines = (f"Requires-Dist: {one}" for one in requires)
    return "\n".join(("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines, ""))


GOOD = (
    metadata("town", "1.0", "Rich_Text>=14", "missing ; extra == 'post'", "other ; python_version < '3'"),
    metadata("rich-text", "15.0rc1"),
)
BAD = (
    metadata("town", "1.0", "rich>=14", "stripe>=16", "fine"),
    metadata("rich", "13.0"),
    metadata("fine", "1"),
)


def environment(*texts: str) -> EnvironmentPackages:
    """The packages of these METADATA files."""
    return read_packages(
        "site-packages", {f"p{n}.dist-info/METADATA": t.encode() for n, t in enumerate(texts)}
    )


def test_what_is_met_is_fine_in_any_spelling_and_without_extras() -> None:
    assert made.judged(check, environment(*GOOD)) == []


def test_what_is_missing_or_another_version_is_named() -> None:
    assert [one.message for one in made.judged(check, environment(*BAD))] == [
        "town 1.0 requires rich>=14, but 13.0 is installed",
        "town 1.0 requires stripe>=16, which is not installed",
    ]


@pytest.mark.parametrize("texts", [GOOD, BAD], ids=["good", "bad"])
def test_pip_says_the_same_of_the_same_files(tmp_path: Path, texts: tuple[str, ...]) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    site = next(tmp_path.glob("venv/lib/*/site-packages"))
    for text in texts:
        _, name, version = (line.partition(": ")[2] for line in text.splitlines()[:3])
        place = f"{name.replace('-', '_')}-{version}.dist-info"
        projects.written(site, {f"{place}/METADATA": text, f"{place}/INSTALLER": "pip\n"})
    said = subprocess.run(
        [sys.executable, "-m", "pip", "--python", tmp_path / "venv/bin/python", "check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = made.judged(check, environment(*texts))
    assert (said.returncode == 0) == (found == []), said.stdout
    assert len(said.stdout.splitlines()) == max(1, len(found)), said.stdout
