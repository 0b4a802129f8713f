import re
import subprocess
import sys
import tomllib

from tests.house.tracked import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["towncrier"]
KINDS = [kind["directory"] for kind in SETTINGS["type"]]
NAME = re.compile(rf"(\+[a-z0-9-]+|[0-9]+)\.({'|'.join(KINDS)})\.md")
FRAGMENTS = sorted(path for path in (ROOT / SETTINGS["directory"]).iterdir() if path.name != "README.md")


def test_each_fragment_is_a_sentence_under_a_known_kind() -> None:
    assert [path.name for path in FRAGMENTS if not NAME.fullmatch(path.name)] == []
    odd = [path.name for path in FRAGMENTS if not re.fullmatch(r"\S[^\n]{9,300}\.\n", path.read_text())]
    assert odd == [], "one line, ending in a full stop"


def test_a_release_would_say_every_fragment() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "0"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout
    joined = " ".join(said.split())
    assert [path.name for path in FRAGMENTS if " ".join(path.read_text().split()) not in joined] == []
